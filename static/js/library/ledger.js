// What this browser has been asked to upload and has not yet brought to an end: kept over reloads and closed tabs,
// so that the page can say truly what was interrupted, also of files whose turn had not come.
const KEY = "faceline:uploads";
const A_WEEK_MS = 7 * 24 * 3600 * 1000;
const tab = `faceline:uploads:${Date.now()}-${Math.random()}`;

// a tab that lives holds a lock of its own: what it uploads is not interrupted (plain http has no locks)
navigator.locks?.request(tab, () => new Promise(() => {}));

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
};

const write = (entries) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch { /* no storage: nothing is remembered */ }
};

const nameOf = (file) => ({ name: file.name, size: file.size, modified: file.lastModified });

/** Notes a file; gives the key under which it is noted. */
export const note = (file, project, projectName) => {
  const key = `${Date.now()}-${Math.random()}`;
  write([...read(), { key, tab, at: Date.now(), project, projectName, ...nameOf(file) }]);
  return key;
};

export const noteAddress = (key, url) => write(read().map((each) => (each.key === key ? { ...each, url } : each)));

/** It has arrived, was refused or given up: nothing is left to do. */
export const strike = (...keys) => write(read().filter((each) => !keys.includes(each.key)));

/** The entries that no living tab works on, oldest first. */
export const leftBehind = async () => {
  const held = (await navigator.locks?.query())?.held.map((lock) => lock.name) ?? [];
  const entries = read().filter((each) => each.at > Date.now() - A_WEEK_MS);
  return entries.filter((each) => each.tab !== tab && !held.includes(each.tab));
};

export const isOf = (entry, file) => Object.entries(nameOf(file)).every(([name, value]) => entry[name] === value);
