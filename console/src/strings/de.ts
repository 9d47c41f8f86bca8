import type { Strings } from './en.js';

const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const de: Strings = {
  product: 'Traction',
  nav: { label: 'Ansichten', overview: 'Überblick', goals: 'Ziele', kpis: 'Kennzahlen', issues: 'Probleme', actions: 'Maßnahmen', report: 'Bericht', settings: 'Einstellungen', skip: 'Zum Inhalt springen' },
  common: {
    save: 'Speichern', cancel: 'Abbrechen', close: 'Schließen', add: 'Hinzufügen', remove: 'Entfernen', edit: 'Bearbeiten', retry: 'Noch einmal', loading: 'Wird geladen …', search: 'Suchen', all: 'Alle',
    back: 'Zurück', none: 'Keine', title: 'Titel', description: 'Beschreibung', owner: 'Verantwortlich', assignee: 'Zugewiesen an', status: 'Status', priority: 'Priorität', impact: 'Auswirkung',
    due: 'Fällig', start: 'Beginn', progress: 'Fortschritt', unit: 'Einheit', name: 'Name', tags: 'Schlagwörter', reason: 'Grund', value: 'Wert', date: 'Datum', category: 'Kategorie', type: 'Art',
    previous: 'Zurück', next: 'Weiter', page: (page, pages) => `Seite ${page} von ${pages}`, overdue: 'überfällig', nobody: 'niemand', readOnly: 'Sie dürfen hier alles lesen, aber nichts ändern.',
  },
  live: { open: 'Live', off: 'Nicht live', connecting: 'Verbindung wird hergestellt …', lost: 'Die Verbindung ist abgebrochen. Die Anzeige ist vielleicht veraltet; neuer Versuch …', back: 'Wieder verbunden.' },
  error: {
    title: 'Das hat nicht geklappt', network: 'Der Server ist nicht erreichbar.', request: (id) => `Anfrage ${id}`, unexpected: 'Etwas Unerwartetes ist passiert.',
    byCode: {
      INSUFFICIENT_PERMISSIONS: 'Das dürfen Sie nicht.', VALIDATION_ERROR: 'Bitte prüfen Sie Ihre Angaben.', INVALID_STATUS_TRANSITION: 'Dieser Statuswechsel ist nicht möglich.', DUPLICATE_NAME: 'Diesen Namen gibt es schon.',
      DEPENDENCY_EXISTS: 'Daran hängt noch etwas anderes.', CONFLICT: 'Jemand anderes arbeitet gerade daran.', RATE_LIMITED: 'Zu viele Anfragen. Bitte warten Sie einen Augenblick.', SERVICE_UNAVAILABLE: 'Der Dienst ist gerade nicht verfügbar.',
      UPSTREAM_TIMEOUT: 'Der Server hat nicht rechtzeitig geantwortet.', INTERNAL_ERROR: 'Beim Server ist etwas schiefgegangen.', GOAL_NOT_FOUND: 'Dieses Ziel gibt es nicht.', KPI_NOT_FOUND: 'Diese Kennzahl gibt es nicht.',
      ISSUE_NOT_FOUND: 'Dieses Problem gibt es nicht.', ACTION_NOT_FOUND: 'Diese Maßnahme gibt es nicht.', SYSTEM_RESOURCE: 'Das ist fest eingebaut.', PRECONDITION_FAILED: 'Jemand anderes war schneller.',
    },
  },
  signIn: {
    title: 'Anmelden', intro: 'Ziele, Kennzahlen, Maßnahmen und Probleme Ihrer Firma.', token: 'Token', hint: 'Fügen Sie das Token ein, das Sie erhalten haben. `./traction up --demo` gibt einen Link mit einem aus.',
    submit: 'Anmelden', bad: 'Das sieht nicht nach einem Token aus.', expired: 'Dieses Token ist abgelaufen.', ended: 'Ihre Sitzung ist zu Ende. Bitte melden Sie sich wieder an.', provider: 'Über Ihre Organisation anmelden',
    failed: 'Die Anmeldung bei Ihrer Organisation hat nicht geklappt.', out: 'Abmelden', docs: 'Dokumentation der Schnittstelle',
  },
  conflict: { title: 'Jemand war schneller', text: 'Das wurde geändert, während Sie es bearbeitet haben. Gespeichert ist noch nichts.', field: 'Feld', mine: 'Ihre Fassung', theirs: 'Die andere', keepMine: 'Meine speichern', takeTheirs: 'Die andere übernehmen' },
  overview: {
    title: 'Überblick', score: 'Leistung', alignment: 'Abstimmung im Team', goals: 'Ziele', activity: 'Zuletzt', attention: 'Braucht Aufmerksamkeit', mine: 'Meine nächsten Tage',
    trend: { improving: 'steigend', stable: 'gleichbleibend', declining: 'fallend' }, parts: { goals: 'Ziele', strategies: 'Strategien', kpis: 'Kennzahlen', actions: 'Maßnahmen' },
    active: 'aktiv', completed: 'erreicht', average: 'mittlerer Fortschritt', onTrack: 'auf Kurs', atRisk: 'gefährdet', off: 'im Rückstand', people: (count) => plural(count, 'Person', 'Personen'),
    collaboration: 'An mehreren Zielen beteiligt', strategyAlignment: 'Ziele mit Strategie', kpiSharing: 'Geteilte Kennzahlen', emptyActivity: 'Was geschieht, erscheint hier sofort.',
    emptyAttention: 'Nichts ist überfällig, kritisch oder im Rückstand.', emptyMine: 'In den nächsten Tagen ist für Sie nichts fällig.', emptyGoals: 'Noch kein Ziel. Ein Ziel sagt, was bis wann anders sein soll; beginnen Sie mit einem.',
    kpisAtRisk: 'Kennzahlen hinter ihrem Plan', actionsPastDue: 'Überfällige Maßnahmen', criticalIssues: 'Probleme mit großer Auswirkung', daysPastDue: (days) => plural(days, 'Tag überfällig', 'Tage überfällig'),
    behindPlan: (share) => (share ? `${share} hinter dem Plan` : 'hinter dem Plan'),
    sinceLastWeek: 'verglichen mit der Vorwoche', of100: 'von 100', showAll: (count) => `Alle ${count} zeigen`,
  },
  goals: {
    title: 'Ziele', new: 'Neues Ziel', empty: 'Noch keine Ziele', emptyText: 'Ein Ziel sagt, was bis wann anders sein soll. Geben Sie ihm Strategien, verknüpfen Sie Kennzahlen, die zeigen, ob es wirkt, und sehen Sie zu, wie es vorangeht.',
    noMatch: 'Zu diesen Filtern passt kein Ziel.', clear: 'Filter löschen', intent: 'Warum es wichtig ist', horizon: 'Zeitraum', valueTag: 'Wert',
    statuses: { draft: 'Entwurf', active: 'Aktiv', paused: 'Pausiert', completed: 'Erreicht', cancelled: 'Abgebrochen', archived: 'Archiviert' },
    horizons: { year: 'Jahr', quarter: 'Quartal', month: 'Monat' },
    verbs: { activate: 'Aktivieren', pause: 'Pausieren', complete: 'Abschließen', cancel: 'Ziel abbrechen' },
    why: (verb) => `${verb}: warum? (andere sehen es)`, edit: 'Ziel bearbeiten', moved: 'Geändert', loadMore: 'Mehr zeigen', total: (count) => plural(count, 'Ziel', 'Ziele'),
    strategies: 'Strategien', strategiesEmpty: 'Eine Strategie ist ein Weg zu diesem Ziel. Legen Sie die erste an und ziehen Sie sie in die Reihenfolge, in der Sie an sie glauben.', newStrategy: 'Neue Strategie',
    strategyStatuses: { draft: 'Entwurf', validated: 'Geprüft', adopted: 'Angenommen' },
    drag: (name) => `„${name}“ verschieben`, dragHelp: 'Leertaste nimmt auf, Pfeiltasten verschieben, Leertaste legt ab, Escape lässt alles, wie es war.',
    picked: (name, place) => `„${name}“ von Platz ${place} aufgenommen.`, over: (name, place) => `„${name}“ ist auf Platz ${place}.`, dropped: (name, place) => `„${name}“ bleibt auf Platz ${place}.`, dragCancelled: (name) => `„${name}“ ist wieder an seinem Platz.`,
    kpis: 'Kennzahlen', kpisEmpty: 'Eine Kennzahl zeigt, ob das Ziel erreicht wird. Verknüpfen Sie eine aus dem Katalog oder eine eigene.', link: 'Kennzahl verknüpfen', unlink: 'Lösen', threshold: 'Auf Kurs ab', thresholdHint: 'Prozent des Weges',
    below: 'unter der Schwelle', primary: 'Wichtigste', feed: 'Verlauf', feedEmpty: 'Notizen, Entscheidungen und was mit den Kennzahlen geschieht, sammeln sich hier.', note: 'Notiz', addNote: 'Notiz hinzufügen', attachment: 'Anhang', attachmentName: 'Name des Anhangs', attachmentUrl: 'Seine Adresse (https://…)',
    feedTypes: { weekly_review: 'Wochenrückblick', note: 'Notiz', decision: 'Entscheidung', attachment: 'Anhang', system: 'Änderung' }, fromCatalogue: 'Katalog', own: 'Ihre Kennzahlen', deleted: 'Dieses Ziel gibt es nicht oder nicht mehr.',
  },
  kpis: {
    title: 'Kennzahlen', new: 'Neue Kennzahl', empty: 'Noch keine Kennzahlen', emptyText: 'Eine Kennzahl ist eine Zahl, die sagt, wie es läuft. Legen Sie eine an, oder nehmen Sie eine aus dem Katalog, wenn Sie sie mit einem Ziel verknüpfen.', health: 'Gesundheit',
    statuses: { on_track: 'Auf Kurs', at_risk: 'Gefährdet', behind: 'Im Rückstand', no_data: 'Keine Daten' }, performance: { achieved: 'Erreicht', on_track: 'Auf Kurs', at_risk: 'Gefährdet', off_track: 'Neben dem Plan' },
    current: 'Jetzt', target: 'Ziel', baseline: 'Ausgangswert', direction: 'Besser, wenn', directions: { up: 'höher', down: 'niedriger' }, chart: 'Plan und Ist', plan: 'Plan', actual: 'Ist', asTable: 'Dasselbe als Tabelle',
    milestones: 'Meilensteine', milestonesEmpty: 'Ein Meilenstein ist ein Wert, der bis zu einem Tag erreicht sein soll. Zusammen ergeben sie den Plan.', newMilestone: 'Neuer Meilenstein', label: 'Bezeichnung',
    milestoneStatuses: { not_started: 'Später', in_progress: 'Als Nächstes', achieved: 'Erreicht', missed: 'Verfehlt' },
    measurements: 'Messungen', measurementsEmpty: 'Tragen Sie ein, was Sie gemessen haben; es erscheint im Diagramm und im Verlauf jedes verknüpften Ziels.', record: 'Messung eintragen', recorded: 'Eingetragen', measured: 'Gemessen', estimate: 'Geschätzt', expected: 'Erwartet', variance: 'Abweichung',
    adjust: 'Plan anpassen', adjustText: 'Der Plan geht von der letzten Messung aus weiter. Sehen Sie sich an, was sich ändert, bevor Sie es ändern.', strategy: 'Wie', strategies: { maintain_final_goal: 'Endziel behalten', proportional_shift: 'Alles verschieben' },
    preview: 'Vorschau', apply: 'Anpassen', before: 'Vorher', after: 'Nachher', linkedGoals: 'Verknüpfte Ziele', rationale: 'Warum',
  },
  operations: {
    issues: 'Probleme', actions: 'Maßnahmen', newIssue: 'Neues Problem', newAction: 'Neue Maßnahme', emptyIssues: 'Keine Probleme', emptyIssuesText: 'Ein Problem steht im Weg. Melden Sie es; es wandert über diese Tafel, während daran gearbeitet wird.',
    emptyActions: 'Keine Maßnahmen', emptyActionsText: 'Eine Maßnahme ist ein Stück Arbeit mit jemandem, der es tut, und einem Tag.', emptyColumn: 'Nichts hier', moveTo: (title) => `„${title}“ verschieben nach`, moved: (title, to) => `„${title}“ ist jetzt in ${to}.`,
    dragHelp: 'Leertaste nimmt auf, Pfeiltasten verschieben über die Spalten, Leertaste legt ab, Escape lässt es, wo es war.', list: 'Liste', week: 'Woche', weekOf: (from, to) => `${from} – ${to}`,
    priorities: { low: 'Niedrig', medium: 'Mittel', high: 'Hoch', critical: 'Kritisch' }, actionStatuses: { not_started: 'Nicht begonnen', in_progress: 'In Arbeit', completed: 'Erledigt', blocked: 'Blockiert', cancelled: 'Abgebrochen' },
    convert: 'Maßnahmen daraus machen', convertText: 'Eine Maßnahme je Zeile. Sie werden mit dem Problem verknüpft und erben seine Ziele.', converted: (count) => `${plural(count, 'Maßnahme', 'Maßnahmen')} angelegt.`,
    closeIssue: 'Problem schließen', closeBlocked: 'Es kann noch nicht geschlossen werden', closeAnyway: 'Trotzdem schließen', openActions: 'Noch offen', reporter: 'Gemeldet von', noDate: 'Ohne Datum', edit: 'Problem bearbeiten', editAction: 'Maßnahme bearbeiten', more: 'Weitere sind nicht gezeigt; filtern Sie nach Priorität oder suchen Sie.',
  },
  report: {
    title: 'Bericht', text: 'Die ganze Firma auf Papier: Ziele, Kennzahlen, Maßnahmen und Probleme eines Zeitraums.', from: 'Von', to: 'Bis', format: 'Format', sections: 'Teile', download: 'Herunterladen', making: 'Der Bericht entsteht …', done: (name) => `${name} ist heruntergeladen.`,
    names: { 'executive-summary': 'Zusammenfassung', goals: 'Ziele', strategies: 'Strategien', kpis: 'Kennzahlen', actions: 'Maßnahmen', issues: 'Probleme', people: 'Personen', analytics: 'Bewertungen', trends: 'Verläufe', activity: 'Protokoll der Ereignisse' }, pdf: 'PDF, zum Lesen und Drucken', docx: 'Word, zum Bearbeiten',
    language: 'Sprache', languages: { en: 'Englisch', de: 'Deutsch', fr: 'Französisch', es: 'Spanisch', ar: 'Arabisch' }, paper: 'Papier', papers: { a4: 'A4', letter: 'US Letter' }, none: 'Wählen Sie mindestens einen Teil.',
  },
  settings: {
    title: 'Einstellungen', types: 'Arten von Problemen', statuses: 'Status von Problemen', people: 'Personen', me: 'Wer bin ich', language: 'Sprache', theme: 'Farben', themes: { auto: 'Wie das Gerät', light: 'Hell', dark: 'Dunkel' },
    system: 'Eingebaut', inactive: 'Nicht aktiv', isDefault: 'Vorgabe', newType: 'Neue Art', newStatus: 'Neuer Status', colour: 'Farbe', categories: { open: 'Offen', active: 'In Arbeit', inactive: 'Ruht', closed: 'Geschlossen' },
    tenant: 'Mandant', roles: 'Rollen', features: 'Funktionen', everything: 'Alles', limits: 'Grenzen', unlimited: 'Unbegrenzt', used: (used, of) => `${used} von ${of} genutzt`, expires: 'Angemeldet bis', emptyPeople: 'Personen erscheinen hier, sobald sie sich angemeldet haben.',
    limitNames: { goals: 'Ziele', kpis: 'Kennzahlen', measures: 'Kennzahlen', actions: 'Maßnahmen', strategies: 'Strategien', attachments: 'Anhänge eines Ziels', reports: 'Berichte eines Monats' }, noRoles: 'Keine: darf alles lesen und ändern', use: 'In Gebrauch', looks: 'Aussehen',
  },
};
