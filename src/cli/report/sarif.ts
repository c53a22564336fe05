// The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for systems that show
// findings beside the code: a rule for each check, a result for each finding, at the line that did it.

import { createHash } from 'node:crypto';
import { CHECKS, docs, type CheckId, type Severity } from '../checks.ts';
import type { Finding, Report } from '../types.ts';
import { clean, json } from './say.ts';

const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = { high: 'error', medium: 'warning', low: 'note', note: 'note' };

const location = ({ by, page }: Finding): unknown => ({
  physicalLocation: {
    artifactLocation: { uri: encodeURI(clean(by?.file ?? page).replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/[?#].*$/s, '')).replaceAll('%25', '%') },
    region: { startLine: Math.max(1, by?.line ?? 1), ...(by && by.column > 0 ? { startColumn: by.column } : {}) },
  },
});

export function sarif({ results, version }: Report): string {
  const all = results.flatMap(({ findings, title, promise, verdict }) => findings.map((finding) => ({ finding, title, promise: verdict == 'broken' ? ` Promised: ${promise}` : '' })));
  const ids = [...new Set(all.map(({ finding }) => finding.id))];
  const rule = (id: CheckId): unknown => ({
    id, name: id, shortDescription: { text: CHECKS[id].title }, helpUri: docs(id), fullDescription: { text: CHECKS[id].means }, help: { text: CHECKS[id].remedy, markdown: CHECKS[id].remedy },
    defaultConfiguration: { level: LEVEL[CHECKS[id].severity] }, properties: { docs: docs(id) },
  });
  return `${json({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'mixpanel-consent-bridge', version, semanticVersion: version, rules: ids.map(rule) } },
      results: all.map(({ finding, title, promise }) => ({
        ruleId: finding.id, ruleIndex: ids.indexOf(finding.id), level: LEVEL[finding.severity],
        message: { text: clean(`${finding.title} (${title}).${promise} Seen: ${finding.seen[0]?.trim() ?? 'nothing'}. ${finding.means}`) },
        locations: [location(finding)],
        partialFingerprints: { 'finding/v1': createHash('sha256').update([finding.id, finding.visit, finding.where, finding.page].join('\n')).digest('hex') },
        ...(finding.ignored ? { suppressions: [{ kind: 'external', justification: clean(`${finding.ignored.reason} Until ${finding.ignored.until}.`) }] } : {}),
      })),
    }],
  })}\n`;
}
