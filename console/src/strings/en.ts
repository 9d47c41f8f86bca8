// Every text of the page. The other languages have the same shape, which the compiler checks.
const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const en = {
  product: 'Traction',
  nav: { label: 'Views', overview: 'Overview', goals: 'Goals', kpis: 'KPIs', issues: 'Issues', actions: 'Actions', report: 'Report', settings: 'Settings', skip: 'Skip to the content' },
  common: {
    save: 'Save', cancel: 'Cancel', close: 'Close', add: 'Add', remove: 'Remove', edit: 'Edit', retry: 'Try again', loading: 'Loading…', search: 'Search', all: 'All',
    back: 'Back', none: 'None', title: 'Title', description: 'Description', owner: 'Owner', assignee: 'Assigned to', status: 'Status', priority: 'Priority', impact: 'Impact',
    due: 'Due', start: 'Start', progress: 'Progress', unit: 'Unit', name: 'Name', tags: 'Tags', reason: 'Reason', value: 'Value', date: 'Date', category: 'Category', type: 'Type',
    previous: 'Previous', next: 'Next', page: (page: number, pages: number) => `Page ${page} of ${pages}`, overdue: 'overdue', nobody: 'nobody', readOnly: 'You may read everything here, but change nothing.',
  },
  live: {
    open: 'Live', off: 'Not live', connecting: 'Connecting…', lost: 'Connection lost. What you see may be old; trying again…', back: 'Connected again.',
  },
  error: {
    title: 'That did not work', network: 'The server cannot be reached.', request: (id: string) => `Request ${id}`, unexpected: 'Something unexpected happened.',
    byCode: {} as Record<string, string>,
  },
  signIn: {
    title: 'Sign in', intro: 'Goals, KPIs, actions and issues of your company.', token: 'Token', hint: 'Paste the token that was given to you. `./traction up --demo` prints a link that has one.',
    submit: 'Sign in', bad: 'This does not look like a token.', expired: 'This token has expired.', ended: 'Your session has ended. Please sign in again.', provider: 'Sign in with your organisation',
    failed: 'Signing in at your organisation did not work.', out: 'Sign out', docs: 'Documentation of the interface',
  },
  conflict: {
    title: 'Somebody else was faster', text: 'This was changed while you edited it. Nothing has been saved yet.', field: 'Field', mine: 'Yours', theirs: 'Theirs', keepMine: 'Save mine', takeTheirs: 'Take theirs',
  },
  overview: {
    title: 'Overview', score: 'Performance', alignment: 'Team alignment', goals: 'Goals', activity: 'Recent activity', attention: 'Needs attention', mine: 'My next days',
    trend: { improving: 'improving', stable: 'stable', declining: 'declining' }, parts: { goals: 'Goals', strategies: 'Strategies', kpis: 'KPIs', actions: 'Actions' },
    active: 'active', completed: 'completed', average: 'average progress', onTrack: 'on track', atRisk: 'at risk', off: 'behind', people: (count: number) => plural(count, 'person', 'people'),
    collaboration: 'Working on several goals', strategyAlignment: 'Goals with a strategy', kpiSharing: 'Shared KPIs', emptyActivity: 'What people do appears here as it happens.',
    emptyAttention: 'Nothing is overdue, critical or behind.', emptyMine: 'You have nothing due in the next days.', emptyGoals: 'No goal yet. A goal says what is to be different by when; start with one.',
    kpisAtRisk: 'KPIs behind their plan', actionsPastDue: 'Overdue actions', criticalIssues: 'Issues of high impact', daysPastDue: (days: number) => plural(days, 'day overdue', 'days overdue'),
    behindPlan: (share: string | null) => (share ? `${share} behind plan` : 'behind plan'),
    sinceLastWeek: 'compared with a week ago', of100: 'of 100', showAll: (count: string) => `Show all ${count}`,
  },
  goals: {
    title: 'Goals', new: 'New goal', empty: 'No goals yet', emptyText: 'A goal says what is to be different by when. Give it strategies, link the KPIs that show whether it works, and watch it move.',
    noMatch: 'No goal matches these filters.', clear: 'Clear the filters', intent: 'Why it matters', horizon: 'Horizon', valueTag: 'Value',
    statuses: { draft: 'Draft', active: 'Active', paused: 'Paused', completed: 'Completed', cancelled: 'Cancelled', archived: 'Archived' },
    horizons: { year: 'Year', quarter: 'Quarter', month: 'Month' },
    verbs: { activate: 'Activate', pause: 'Pause', complete: 'Complete', cancel: 'Cancel goal' },
    why: (verb: string) => `${verb}: say why (others see it)`, edit: 'Edit goal', moved: 'Changed', loadMore: 'Show more', total: (count: number) => plural(count, 'goal', 'goals'),
    strategies: 'Strategies', strategiesEmpty: 'A strategy is one way to reach this goal. Add the first, then drag them into the order in which you believe in them.', newStrategy: 'New strategy',
    strategyStatuses: { draft: 'Draft', validated: 'Validated', adopted: 'Adopted' },
    drag: (name: string) => `Move “${name}”`, dragHelp: 'Press space to pick it up, arrow keys to move it, space again to put it down, escape to leave it where it was.',
    picked: (name: string, place: number) => `Picked up “${name}” at place ${place}.`, over: (name: string, place: number) => `“${name}” is at place ${place}.`,
    dropped: (name: string, place: number) => `“${name}” stays at place ${place}.`, dragCancelled: (name: string) => `“${name}” is back where it was.`,
    kpis: 'KPIs', kpisEmpty: 'A KPI shows whether the goal is being reached. Link one from the catalogue or your own.', link: 'Link a KPI', unlink: 'Unlink', threshold: 'On track from', thresholdHint: 'percent of the way',
    below: 'below the threshold', primary: 'Primary', feed: 'Feed', feedEmpty: 'Notes, decisions and what happens to the KPIs gather here.', note: 'Note', addNote: 'Add note', attachment: 'Attachment', attachmentName: 'Name of the attachment', attachmentUrl: 'Its address (https://…)',
    feedTypes: { weekly_review: 'Weekly review', note: 'Note', decision: 'Decision', attachment: 'Attachment', system: 'Change' }, fromCatalogue: 'Catalogue', own: 'Your KPIs', deleted: 'There is no such goal, or not any more.',
  },
  kpis: {
    title: 'KPIs', new: 'New KPI', empty: 'No KPIs yet', emptyText: 'A KPI is a number that says how you are doing. Define one, or take one from the catalogue when you link it to a goal.', health: 'Health',
    statuses: { on_track: 'On track', at_risk: 'At risk', behind: 'Behind', no_data: 'No data' }, performance: { achieved: 'Achieved', on_track: 'On track', at_risk: 'At risk', off_track: 'Off track' },
    current: 'Current', target: 'Target', baseline: 'Baseline', direction: 'Better when', directions: { up: 'higher', down: 'lower' }, chart: 'Plan and actual', plan: 'Plan', actual: 'Actual', asTable: 'The same as a table',
    milestones: 'Milestones', milestonesEmpty: 'A milestone is a value that is to be reached by a day. Together they make the plan.', newMilestone: 'New milestone', label: 'Label',
    milestoneStatuses: { not_started: 'Later', in_progress: 'Next', achieved: 'Achieved', missed: 'Missed' },
    measurements: 'Measurements', measurementsEmpty: 'Record what you measured; it appears in the chart and in the feed of every linked goal.', record: 'Record a measurement', recorded: 'Recorded', measured: 'Measured', estimate: 'Estimate', expected: 'Expected', variance: 'Variance',
    adjust: 'Adjust the plan', adjustText: 'The plan goes on from what was measured last. Look at what would change before you change it.', strategy: 'How', strategies: { maintain_final_goal: 'Keep the final target', proportional_shift: 'Shift everything' },
    preview: 'Preview', apply: 'Adjust', before: 'Before', after: 'After', linkedGoals: 'Linked goals', rationale: 'Why',
  },
  operations: {
    issues: 'Issues', actions: 'Actions', newIssue: 'New issue', newAction: 'New action', emptyIssues: 'No issues', emptyIssuesText: 'An issue is something in the way. Report it; it moves over this board as people work on it.',
    emptyActions: 'No actions', emptyActionsText: 'An action is a piece of work with somebody to do it and a day.', emptyColumn: 'Nothing here', moveTo: (title: string) => `Move “${title}” to`, moved: (title: string, to: string) => `“${title}” is now in ${to}.`,
    dragHelp: 'Press space to pick it up, arrow keys to move it over the columns, space again to put it down, escape to leave it.', list: 'List', week: 'Week', weekOf: (from: string, to: string) => `${from} – ${to}`,
    priorities: { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' }, actionStatuses: { not_started: 'Not started', in_progress: 'In progress', completed: 'Completed', blocked: 'Blocked', cancelled: 'Cancelled' },
    convert: 'Make actions of it', convertText: 'One action a line. They are linked to the issue and inherit its goals.', converted: (count: number) => `${plural(count, 'action', 'actions')} made.`,
    closeIssue: 'Close issue', closeBlocked: 'It is not ready to be closed', closeAnyway: 'Close anyway', openActions: 'Still open', reporter: 'Reported by', noDate: 'Without a date', edit: 'Edit issue', editAction: 'Edit action', more: 'More are not shown; filter by priority or search.',
  },
  report: {
    title: 'Report', text: 'The whole company on paper: goals, KPIs, actions and issues of a period.', from: 'From', to: 'To', format: 'Format', sections: 'Sections', download: 'Download', making: 'Making the report…', done: (name: string) => `${name} is downloaded.`,
    names: { 'executive-summary': 'Summary', goals: 'Goals', strategies: 'Strategies', kpis: 'KPIs', actions: 'Actions', issues: 'Issues', people: 'People', analytics: 'Scores', trends: 'Trends', activity: 'Log of what happened' }, pdf: 'PDF, to read and print', docx: 'Word, to edit',
    language: 'Language', languages: { en: 'English', de: 'German', fr: 'French', es: 'Spanish', ar: 'Arabic' }, paper: 'Paper', papers: { a4: 'A4', letter: 'US Letter' }, none: 'Choose at least one section.',
  },
  settings: {
    title: 'Settings', types: 'Issue types', statuses: 'Issue statuses', people: 'People', me: 'Who am I', language: 'Language', theme: 'Colours', themes: { auto: 'As the device', light: 'Light', dark: 'Dark' },
    system: 'Built in', inactive: 'Inactive', isDefault: 'Default', newType: 'New type', newStatus: 'New status', colour: 'Colour', categories: { open: 'Open', active: 'Active', inactive: 'On hold', closed: 'Closed' },
    tenant: 'Tenant', roles: 'Roles', features: 'Features', everything: 'Everything', limits: 'Limits', unlimited: 'Unlimited', used: (used: string, of: string) => `${used} of ${of} used`, expires: 'Signed in until', emptyPeople: 'People appear here once they have signed in.',
    limitNames: { goals: 'Goals', kpis: 'KPIs', measures: 'KPIs', actions: 'Actions', strategies: 'Strategies', attachments: 'Attachments of a goal', reports: 'Reports of a month' }, noRoles: 'None: may read and change everything', use: 'In use', looks: 'Appearance',
  },
};

export type Strings = typeof en;
