// Plays Mixpanel's GDPR API (v3) on this machine, as it is documented, with what its documents
// say differently in two places as a choice. It deletes nothing. Not a test.
//
// https://docs.mixpanel.com/reference/gdpr-api: POST …/data-deletions/v3.0/?token=… answers with
// a list of tasks with `tracking_id`; at most 1,999 ids (2,000 at a retrieval); one request a
// second, 429 beyond it; GET …/v3.0/<tracking_id>/?token=… answers `results.status`.
// https://docs.mixpanel.com/openapi/gdpr.openapi.yaml: 201, one object with `task_id`.

import { once } from 'node:events';
import { createServer } from 'node:http';

const MOST = { 'data-deletions': 1999, 'data-retrievals': 2000 };
const PHASES = ['PENDING', 'STAGING', 'STARTED', 'SUCCESS'];

/**
 * `shape`: 'list' | 'object' | 'number' (an id as a bare number); `trouble(request, n)`: an
 * answer `[status, headers, body]` instead of the usual one, or nothing; `phases`: what the
 * status is, look by look.
 */
export async function startGdpr({ oauthToken, projectToken, shape = 'list', trouble = () => null, phases = PHASES, slash = false } = {}) {
  const requests = [];
  const tasks = new Map();
  let made = 1583792934719392965n;
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const url = new URL(request.url, 'http://gdpr.invalid');
    const entry = { at: Date.now(), method: request.method, path: url.pathname, token: url.searchParams.get('token'), authorization: request.headers.authorization, body: text ? JSON.parse(text) : null };
    requests.push(entry);
    const answer = (status, body, headers = {}) => {
      if (response.destroyed) return;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const odd = await trouble(entry, requests.length);
    if (odd === 'cut') { response.destroy(); return; }
    if (odd) { answer(odd[0], odd[2] ?? { status: 'error', error: 'trouble' }, odd[1]); return; }
    const [, route, task] = /^\/api\/app\/(data-deletions|data-retrievals)\/v3\.0(?:\/([^/]*))?\/?$/.exec(url.pathname) ?? [];
    if (!route) return answer(404, { status: 'error', error: 'no such route' });
    if (slash && url.pathname.endsWith('/')) return answer(308, '', { location: url.pathname.replace(/\/$/, '') + url.search });
    if (entry.authorization !== `Bearer ${oauthToken}`) return answer(401, { status: 'error', error: `no access with ${entry.authorization}` });
    if (entry.token !== projectToken) return answer(403, { status: 'error', error: `no project ${entry.token}` });
    if (request.method === 'POST') {
      const ids = entry.body?.distinct_ids;
      if (!Array.isArray(ids) || !ids.length || ids.length > MOST[route] || ids.some((id) => typeof id !== 'string')) return answer(400, { status: 'error', error: `distinct_ids has to be a list of 1 to ${MOST[route]}` });
      const id = String(made++);
      tasks.set(id, { ids, looks: 0, route });
      const about = { status: 'PENDING', disclosure_type: 'DATA', date_requested: new Date().toISOString().slice(0, -1), project_id: 1978118, compliance_type: (entry.body.compliance_type ?? 'GDPR').toLowerCase(), destination_url: null, requesting_user: 'pat@shop.test', distinct_id_count: ids.length };
      if (shape === 'object') return answer(201, { status: 'ok', results: { task_id: id } });
      if (shape === 'number') return answer(200, `{"status":"ok","results":[{"status":"PENDING","tracking_id":${id}}]}`);
      return answer(200, { status: 'ok', results: [{ ...about, tracking_id: id }] });
    }
    if (request.method === 'GET') {
      const known = tasks.get(task);
      if (!known) return answer(200, { status: 'ok', results: { status: 'NOT_FOUND' } });
      const status = phases[Math.min(known.looks++, phases.length - 1)];
      const link = known.route === 'data-retrievals' && status === 'SUCCESS' ? `https://storage.invalid/secret-link/${task}` : '';
      if (shape === 'object') return answer(200, { status: 'ok', results: { tracking_id: task, status, results: link, distinct_ids: known.ids } });
      if (shape === 'number') return answer(200, { status: 'ok', results: [{ tracking_id: task, status: status.toLowerCase(), destination_url: link || null }] });
      return answer(200, { status: 'ok', results: { status, result: link, distinct_ids: known.ids } });
    }
    return answer(405, { status: 'error', error: 'no' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `http://127.0.0.1:${server.address().port}`,
    requests,
    tasks,
    async stop() { server.closeAllConnections(); server.close(); },
  };
}
