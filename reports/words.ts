import { text, type Text } from '../analyzer/text.js';
import type { Severity } from '../analyzer/engine/finding.js';
import type { Change } from './changes.js';
import type { Followed } from './facts.js';

export const SEVERITY_WORDS: Readonly<Record<Severity, Text>> = {
  critical: text('critical', '严重'),
  warning: text('warning', '警告'),
  info: text('info', '提示'),
};

export const CHANGE_WORDS: Readonly<Record<Change, Text>> = {
  new: text('new', '新增'),
  worse: text('worse', '恶化'),
  open: text('still open', '仍未解决'),
  better: text('better', '好转'),
  snoozed: text('snoozed', '已静默'),
  fixed: text('fixed', '已解决'),
  passed: text('came and went', '出现后消失'),
  unjudged: text('not compared', '未作比较'),
};

export const OUTCOME_WORDS: Readonly<Record<Followed['state'], Text>> = {
  applied: text('being watched', '观察中'),
  confirmed: text('it worked', '确有效果'),
  refuted: text('without the effect', '没有效果'),
};

export const WORDS = {
  title: text('Flink tuning report', 'Flink 调优周报'),
  none: text('No job was watched in this week.', '本周没有观察到作业。'),
  running: text('This week is not over. The report is as of', '本周尚未结束，报告截至'),

  health: text('Health', '健康度'),
  healthBefore: text('Week before', '上一周'),
  before: text('week before', '上一周'),
  atTheEnd: text('At the end', '周末时'),
  thisWeek: text('This week', '本周'),
  noComparison: text('no week before to compare with', '没有可比较的上一周'),
  cost: text('Cost', '成本'),
  coreHours: text('cores·h', '核·时'),
  gbHours: text('GB·h', 'GB·时'),
  unknown: text('not known', '未知'),

  noData: text('Hours without data', '没有数据的时段'),
  noDataNone: text('Every hour of the week has data.', '本周每个小时都有数据。'),

  healthChart: text('Health over the week', '一周健康度'),
  findingsChart: text('Findings by day', '每日发现数'),
  day: text('Day', '日期'),

  actions: text('What to change first', '最应先做的调整'),
  actionsNone: text('There is no change to propose.', '没有需要建议的调整。'),
  expected: text('Expected', '预期'),
  evidence: text('Seen', '依据'),
  saves: text('Would save about', '预计可节省约'),
  aWeek: text('a week', '每周'),

  changed: text('What changed since the week before', '与上一周相比的变化'),
  nothingBefore: text('There is no week before to compare with.', '没有可比较的上一周。'),
  changedNone: text('Nothing became new, worse, better or fixed.', '没有新增、恶化、好转或解决的发现。'),
  more: text('more under their jobs', '项见各作业'),

  followed: text('Advice that was followed', '已采纳的建议'),
  promised: text('promised', '预测'),

  savings: text('Savings', '节省'),
  estimated: text('Estimated: what the open proposals would free in a week', '预计：采纳现有建议后每周可释放'),
  realised: text('Realised: what came true in this week', '已实现：本周已真正释放'),
  nothing: text('nothing', '无'),
  apart: text(
    'The two are not added: the first is a promise, the second was measured.',
    '两者不相加：前者是预计，后者是实测。',
  ),

  jobs: text('Jobs', '作业'),
  uptime: text('uptime', '运行率'),
  restarts: text('restarts', '次重启'),
  restart: text('restart', '次重启'),
  checkpoints: text('checkpoints', '检查点成功率'),
  lag: text('lag', '积压'),
  records: text('records', '条'),
  upTo: text('up to', '最高'),
  busy: text('busy', '繁忙'),
  heap: text('heap', '堆'),
  noFigures: text('no figures', '没有数据'),
  firing: text('firing for', '持续'),
  until: text('until', '至'),
  moreFindings: text('more', '项未列出'),
  moreJobs: text('more jobs are in the dashboard and in the JSON of this report', '个作业见控制台或本报告的 JSON'),
  gone: text('Watched in the week before and not in this one', '上一周有、本周没有读到的作业'),

  settings: text('Settings to decide', '待确认的配置'),
  finding: text('Finding', '发现'),
  jobCount: text('Jobs', '作业数'),
  foot: text(
    'Lag, busy and heap: what 95 % of the week stayed under. Days are UTC. 1 GB = 2^30 bytes.',
    '积压、繁忙和堆：一周中 95 % 的时间不超过该值。日期为 UTC。1 GB = 2^30 字节。',
  ),
} as const satisfies Readonly<Record<string, Text>>;
