import { makeResearchJob, researchJob } from '../../jobs/research/research-job.ts';
import { inputOf, researchBench } from '../unit/jobs/research/research-bench.ts';
import { jobConformance } from './job.ts';

describe('conformance: research job', () => {
  jobConformance(async () => {
    const bench = await researchBench();
    return {
      job: researchJob,
      hurried: (time_ms) => makeResearchJob({ time_ms }),
      input: inputOf('Northwind Group', 'northwind.example'),
      ports: (more) => bench.ports(more),
      close: () => bench.close(),
    };
  });
});
