import type { DashboardContent } from '../dashboard.js';
import { lines } from '../panel.js';
import { JOBS, NAME, JOB_LINK, CLUSTER, JOB, findingsTable, findingLines } from './parts.js';

export const checkpoints: DashboardContent = {
  variables: [CLUSTER, JOB],
  uid: 'weir-checkpoints',
  title: 'Weir / Checkpoints',
  description: 'How old checkpoints are, and what Weir says of them.',
  rows: [
    {
      title: 'Checkpoints',
      panels: [
        {
          ...lines(
            'Age of the last checkpoint',
            's',
            'What a failure now would repeat. A saw blade as high as the interval is well; a line that only rises is not.',
            { expr: `weir_checkpoint_age_seconds{${JOBS}}`, legend: NAME },
          ),
          link: JOB_LINK,
        },
        findingLines('Causes among checkpoints', 'ckpt-.*'),
        findingsTable('Causes that fire', 'ckpt-.*|state-.*'),
      ],
    },
  ],
};
