import type { Strings } from './en.js';

const rules = new Intl.PluralRules('ar');
const number = new Intl.NumberFormat('ar-u-nu-latn');
/** Arabic counts one and two by the word alone. */
const plural = (count: number, one: string, two: string, few: string, many: string) => {
  const form = rules.select(count);
  if (form === 'one') return one;
  if (form === 'two') return two;
  return `${number.format(count)} ${form === 'few' ? few : many}`;
};

export const ar: Strings = {
  product: 'Traction',
  nav: { label: 'الأقسام', overview: 'نظرة عامة', goals: 'الأهداف', kpis: 'المؤشرات', issues: 'المشكلات', actions: 'الإجراءات', report: 'التقرير', settings: 'الإعدادات', skip: 'انتقل إلى المحتوى' },
  common: {
    save: 'حفظ', cancel: 'إلغاء', close: 'إغلاق', add: 'إضافة', remove: 'إزالة', edit: 'تعديل', retry: 'حاول مرة أخرى', loading: 'جارٍ التحميل…', search: 'بحث', all: 'الكل',
    back: 'رجوع', none: 'لا شيء', title: 'العنوان', description: 'الوصف', owner: 'المسؤول', assignee: 'مُسند إلى', status: 'الحالة', priority: 'الأولوية', impact: 'الأثر',
    due: 'الاستحقاق', start: 'البداية', progress: 'التقدم', unit: 'الوحدة', name: 'الاسم', tags: 'الوسوم', reason: 'السبب', value: 'القيمة', date: 'التاريخ', category: 'الفئة', type: 'النوع',
    previous: 'السابق', next: 'التالي', page: (page, pages) => `صفحة ${number.format(page)} من ${number.format(pages)}`, overdue: 'متأخر', nobody: 'لا أحد', readOnly: 'يمكنك قراءة كل شيء هنا، لكن لا يمكنك التغيير.',
  },
  live: { open: 'مباشر', off: 'غير مباشر', connecting: 'جارٍ الاتصال…', lost: 'انقطع الاتصال. قد يكون المعروض قديماً؛ تجري إعادة المحاولة…', back: 'عاد الاتصال.' },
  error: {
    title: 'لم ينجح ذلك', network: 'تعذّر الوصول إلى الخادم.', request: (id) => `الطلب ${id}`, unexpected: 'حدث أمر غير متوقع.',
    byCode: {
      INSUFFICIENT_PERMISSIONS: 'ليس لديك إذن بذلك.', VALIDATION_ERROR: 'يرجى مراجعة ما أدخلته.', INVALID_STATUS_TRANSITION: 'لا يمكن تغيير الحالة هكذا.', DUPLICATE_NAME: 'هذا الاسم مستخدم.',
      DEPENDENCY_EXISTS: 'ما زال هناك ما يرتبط به.', CONFLICT: 'يعمل شخص آخر عليه الآن.', RATE_LIMITED: 'طلبات كثيرة جداً. انتظر لحظة من فضلك.', SERVICE_UNAVAILABLE: 'الخدمة غير متاحة حالياً.',
      UPSTREAM_TIMEOUT: 'لم يجب الخادم في الوقت المناسب.', INTERNAL_ERROR: 'حدث خطأ في الخادم.', GOAL_NOT_FOUND: 'هذا الهدف غير موجود.', KPI_NOT_FOUND: 'هذا المؤشر غير موجود.',
      ISSUE_NOT_FOUND: 'هذه المشكلة غير موجودة.', ACTION_NOT_FOUND: 'هذا الإجراء غير موجود.', SYSTEM_RESOURCE: 'هذا جزء ثابت من النظام.', PRECONDITION_FAILED: 'سبقك شخص آخر.',
    },
  },
  signIn: {
    title: 'تسجيل الدخول', intro: 'أهداف شركتك ومؤشراتها وإجراءاتها ومشكلاتها.', token: 'الرمز', hint: 'الصق الرمز الذي أُعطي لك. يعرض الأمر ‎`./traction up --demo`‎ رابطاً يحتوي على رمز.',
    submit: 'دخول', bad: 'لا يبدو هذا رمزاً.', expired: 'انتهت صلاحية هذا الرمز.', ended: 'انتهت جلستك. يرجى تسجيل الدخول من جديد.', provider: 'الدخول عبر مؤسستك',
    failed: 'لم ينجح الدخول عبر مؤسستك.', out: 'تسجيل الخروج', docs: 'توثيق الواجهة البرمجية',
  },
  conflict: { title: 'سبقك شخص آخر', text: 'تغيّر هذا أثناء تعديلك. لم يُحفظ شيء بعد.', field: 'الحقل', mine: 'نسختك', theirs: 'النسخة الأخرى', keepMine: 'احفظ نسختي', takeTheirs: 'خذ الأخرى' },
  overview: {
    title: 'نظرة عامة', score: 'الأداء', alignment: 'انسجام الفريق', goals: 'الأهداف', activity: 'آخر النشاط', attention: 'يحتاج إلى انتباه', mine: 'أيامي القادمة',
    trend: { improving: 'يتحسن', stable: 'مستقر', declining: 'يتراجع' }, parts: { goals: 'الأهداف', strategies: 'الاستراتيجيات', kpis: 'المؤشرات', actions: 'الإجراءات' },
    active: 'نشط', completed: 'مكتمل', average: 'متوسط التقدم', onTrack: 'على المسار', atRisk: 'معرّض للخطر', off: 'متأخر', people: (count) => plural(count, 'شخص واحد', 'شخصان', 'أشخاص', 'شخصاً'),
    collaboration: 'يعملون على عدة أهداف', strategyAlignment: 'أهداف لها استراتيجية', kpiSharing: 'مؤشرات مشتركة', emptyActivity: 'يظهر هنا ما يفعله الناس فور حدوثه.',
    emptyAttention: 'لا شيء متأخر أو حرج.', emptyMine: 'لا شيء مستحق عليك في الأيام القادمة.', emptyGoals: 'لا أهداف بعد. الهدف يقول ما الذي سيتغير ومتى؛ ابدأ بواحد.',
    kpisAtRisk: 'مؤشرات خلف خطتها', actionsPastDue: 'إجراءات متأخرة', criticalIssues: 'مشكلات ذات أثر كبير', daysPastDue: (days) => `متأخر ${plural(days, 'يوماً واحداً', 'يومين', 'أيام', 'يوماً')}`,
    behindPlan: (share) => (share ? `متأخر عن الخطة بنسبة ${share}` : 'متأخر عن الخطة'),
    sinceLastWeek: 'مقارنةً بالأسبوع الماضي', of100: 'من 100', showAll: (count) => `عرض الكل (${count})`,
  },
  goals: {
    title: 'الأهداف', new: 'هدف جديد', empty: 'لا أهداف بعد', emptyText: 'الهدف يقول ما الذي سيتغير ومتى. أضف إليه استراتيجيات، واربط المؤشرات التي تبيّن نجاحه، وراقب تقدمه.',
    noMatch: 'لا هدف يطابق هذه المرشحات.', clear: 'امسح المرشحات', intent: 'لماذا يهم', horizon: 'المدى', valueTag: 'القيمة',
    statuses: { draft: 'مسودة', active: 'نشط', paused: 'متوقف', completed: 'مكتمل', cancelled: 'ملغى', archived: 'مؤرشف' },
    horizons: { year: 'سنة', quarter: 'ربع سنة', month: 'شهر' },
    verbs: { activate: 'تفعيل', pause: 'إيقاف مؤقت', complete: 'إكمال', cancel: 'إلغاء الهدف' },
    why: (verb) => `${verb}: قل لماذا (يراه الآخرون)`, edit: 'تعديل الهدف', moved: 'تغيّر', loadMore: 'عرض المزيد', total: (count) => plural(count, 'هدف واحد', 'هدفان', 'أهداف', 'هدفاً'),
    strategies: 'الاستراتيجيات', strategiesEmpty: 'الاستراتيجية طريق إلى هذا الهدف. أضف الأولى ثم رتّبها بالسحب.', newStrategy: 'استراتيجية جديدة',
    strategyStatuses: { draft: 'مسودة', validated: 'مُتحقق منها', adopted: 'معتمدة' },
    drag: (name) => `انقل «${name}»`, dragHelp: 'اضغط المسافة للالتقاط، والأسهم للنقل، والمسافة مرة أخرى للوضع، وEscape للتراجع.',
    picked: (name, place) => `التُقطت «${name}» من الموضع ${number.format(place)}.`, over: (name, place) => `«${name}» في الموضع ${number.format(place)}.`, dropped: (name, place) => `«${name}» تبقى في الموضع ${number.format(place)}.`, dragCancelled: (name) => `عادت «${name}» إلى موضعها.`,
    kpis: 'المؤشرات', kpisEmpty: 'المؤشر يبيّن هل يتحقق الهدف. اربط واحداً من الفهرس أو من مؤشراتك.', link: 'ربط مؤشر', unlink: 'فك الربط', threshold: 'على المسار من', thresholdHint: 'في المئة من الطريق',
    below: 'دون الحد', primary: 'الرئيسي', feed: 'السجل', feedEmpty: 'تتجمع هنا الملاحظات والقرارات وما يحدث للمؤشرات.', note: 'ملاحظة', addNote: 'إضافة ملاحظة', attachment: 'مرفق', attachmentName: 'اسم المرفق', attachmentUrl: 'عنوانه (https://…)',
    feedTypes: { weekly_review: 'مراجعة أسبوعية', note: 'ملاحظة', decision: 'قرار', attachment: 'مرفق', system: 'تغيير' }, fromCatalogue: 'الفهرس', own: 'مؤشراتك', deleted: 'لا يوجد هذا الهدف، أو لم يعد موجوداً.',
  },
  kpis: {
    title: 'المؤشرات', new: 'مؤشر جديد', empty: 'لا مؤشرات بعد', emptyText: 'المؤشر رقم يقول كيف تسير الأمور. عرّف واحداً، أو خذ واحداً من الفهرس عند ربطه بهدف.', health: 'الصحة',
    statuses: { on_track: 'على المسار', at_risk: 'معرّض للخطر', behind: 'متأخر', no_data: 'لا بيانات' }, performance: { achieved: 'تحقق', on_track: 'على المسار', at_risk: 'معرّض للخطر', off_track: 'خارج المسار' },
    current: 'الحالي', target: 'المستهدف', baseline: 'خط الأساس', direction: 'أفضل عندما', directions: { up: 'يرتفع', down: 'ينخفض' }, chart: 'المخطط والفعلي', plan: 'المخطط', actual: 'الفعلي', asTable: 'نفسه في جدول',
    milestones: 'المراحل', milestonesEmpty: 'المرحلة قيمة ينبغي بلوغها في يوم معين. معاً تكوّن الخطة.', newMilestone: 'مرحلة جديدة', label: 'التسمية',
    milestoneStatuses: { not_started: 'لاحقاً', in_progress: 'التالية', achieved: 'تحققت', missed: 'فاتت' },
    measurements: 'القياسات', measurementsEmpty: 'سجّل ما قسته؛ يظهر في الرسم وفي سجل كل هدف مرتبط.', record: 'تسجيل قياس', recorded: 'سُجّل', measured: 'مقيس', estimate: 'تقدير', expected: 'المتوقع', variance: 'الانحراف',
    adjust: 'تعديل الخطة', adjustText: 'تستمر الخطة مما قيس آخر مرة. انظر ما سيتغير قبل أن تغيّره.', strategy: 'كيف', strategies: { maintain_final_goal: 'إبقاء الهدف النهائي', proportional_shift: 'تحريك الكل' },
    preview: 'معاينة', apply: 'تعديل', before: 'قبل', after: 'بعد', linkedGoals: 'الأهداف المرتبطة', rationale: 'لماذا',
  },
  operations: {
    issues: 'المشكلات', actions: 'الإجراءات', newIssue: 'مشكلة جديدة', newAction: 'إجراء جديد', emptyIssues: 'لا مشكلات', emptyIssuesText: 'المشكلة شيء في الطريق. بلّغ عنها؛ وتتحرك على هذه اللوحة مع العمل عليها.',
    emptyActions: 'لا إجراءات', emptyActionsText: 'الإجراء عمل له من يقوم به ويوم.', emptyColumn: 'لا شيء هنا', moveTo: (title) => `انقل «${title}» إلى`, moved: (title, to) => `«${title}» الآن في ${to}.`,
    dragHelp: 'اضغط المسافة للالتقاط، والأسهم للنقل بين الأعمدة، والمسافة مرة أخرى للوضع، وEscape للتراجع.', list: 'قائمة', week: 'أسبوع', weekOf: (from, to) => `${from} – ${to}`,
    priorities: { low: 'منخفضة', medium: 'متوسطة', high: 'عالية', critical: 'حرجة' }, actionStatuses: { not_started: 'لم يبدأ', in_progress: 'جارٍ', completed: 'مكتمل', blocked: 'متعثر', cancelled: 'ملغى' },
    convert: 'تحويل إلى إجراءات', convertText: 'إجراء في كل سطر. تُربط بالمشكلة وترث أهدافها.', converted: (count) => `أُنشئ ${plural(count, 'إجراء واحد', 'إجراءان', 'إجراءات', 'إجراءً')}.`,
    closeIssue: 'إغلاق المشكلة', closeBlocked: 'ليست جاهزة للإغلاق', closeAnyway: 'أغلقها رغم ذلك', openActions: 'ما زال مفتوحاً', reporter: 'بلّغ عنها', noDate: 'بلا تاريخ', edit: 'تعديل المشكلة', editAction: 'تعديل الإجراء', more: 'هناك المزيد غير معروض؛ رشّح حسب الأولوية أو ابحث.',
  },
  report: {
    title: 'التقرير', text: 'الشركة كلها على الورق: الأهداف والمؤشرات والإجراءات والمشكلات لفترة.', from: 'من', to: 'إلى', format: 'الصيغة', sections: 'الأقسام', download: 'تنزيل', making: 'جارٍ إعداد التقرير…', done: (name) => `نُزّل ${name}.`,
    names: { 'executive-summary': 'الملخص', goals: 'الأهداف', strategies: 'الاستراتيجيات', kpis: 'المؤشرات', actions: 'الإجراءات', issues: 'المشكلات', people: 'الأشخاص', analytics: 'التقييمات', trends: 'الاتجاهات', activity: 'سجل الأحداث' }, pdf: 'PDF للقراءة والطباعة', docx: 'Word للتحرير',
    language: 'اللغة', languages: { en: 'الإنجليزية', de: 'الألمانية', fr: 'الفرنسية', es: 'الإسبانية', ar: 'العربية' }, paper: 'الورق', papers: { a4: 'A4', letter: 'US Letter' }, none: 'اختر قسماً واحداً على الأقل.',
  },
  settings: {
    title: 'الإعدادات', types: 'أنواع المشكلات', statuses: 'حالات المشكلات', people: 'الأشخاص', me: 'من أنا', language: 'اللغة', theme: 'الألوان', themes: { auto: 'كالجهاز', light: 'فاتح', dark: 'داكن' },
    system: 'مدمج', inactive: 'غير نشط', isDefault: 'الافتراضي', newType: 'نوع جديد', newStatus: 'حالة جديدة', colour: 'اللون', categories: { open: 'مفتوح', active: 'جارٍ', inactive: 'معلّق', closed: 'مغلق' },
    tenant: 'المستأجر', roles: 'الأدوار', features: 'الميزات', everything: 'الكل', limits: 'الحدود', unlimited: 'بلا حد', used: (used, of) => `استُخدم ${used} من ${of}`, expires: 'الدخول سارٍ حتى', emptyPeople: 'يظهر الأشخاص هنا بعد تسجيل دخولهم.',
    limitNames: { goals: 'الأهداف', kpis: 'المؤشرات', measures: 'المؤشرات', actions: 'الإجراءات', strategies: 'الاستراتيجيات', attachments: 'مرفقات الهدف', reports: 'تقارير الشهر' }, noRoles: 'لا شيء: يقرأ ويغيّر كل شيء', use: 'قيد الاستخدام', looks: 'المظهر',
  },
};
