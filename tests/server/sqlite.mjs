// SQLite as a Keyv store, for the tests: @keyv/sqlite needs a compiler or a download at its
// installation, this takes any driver with better-sqlite3's interface. Several programs may
// have the file open: the journal is a WAL, and who finds it locked waits.

import { EventEmitter } from 'node:events';
import Database from 'libsql';

export class KeyvSqlite extends EventEmitter {
  opts = { dialect: 'sqlite' };

  constructor(path) {
    super();
    const db = (this.db = new Database(path, { timeout: 20_000 }));
    db.exec('PRAGMA busy_timeout = 20000');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('CREATE TABLE IF NOT EXISTS keyv (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
    this.one = db.prepare('SELECT value FROM keyv WHERE key = ?');
    this.put = db.prepare('INSERT INTO keyv (key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value');
    this.cut = db.prepare('DELETE FROM keyv WHERE key = ?');
  }

  async get(key) {
    return this.one.get(key)?.value;
  }
  async getMany(keys) {
    const found = new Map(this.db.prepare(`SELECT key, value FROM keyv WHERE key IN (${keys.map(() => '?').join()})`).all(...keys).map(({ key, value }) => [key, value]));
    return keys.map((key) => found.get(key));
  }
  async set(key, value) {
    this.put.run(key, value);
  }
  async delete(key) {
    return this.cut.run(key).changes > 0;
  }
  async clear() {
    this.db.exec('DELETE FROM keyv');
  }
  async disconnect() {
    this.db.close();
  }
}
