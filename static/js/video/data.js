// The timeline of a run, fetched once and shared by player and lanes; times in seconds.
const pending = new Map();

export const LOOKING_AT_CAMERA = "Looking at camera";
export const UNKNOWN = "unknown";

/** Resolves to the timeline of `results.timeline.timeline_of`, with what drawing needs worked out. */
export const loadTimeline = (address) => {
  if (!pending.has(address)) {
    pending.set(address, fetch(address, { headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(`The timeline could not be loaded (${answer.status}).`);
      return answer.json();
    }).then(prepare));
  }
  return pending.get(address);
};

const named = (labels, shares) => shares && Object.fromEntries(labels.map((label, i) => [label, shares[i]]));

const prepare = (timeline) => {
  const tracks = [];
  for (const person of timeline.people) {
    person.spells = [];
    person.lookingSpells = [];
    for (const track of person.tracks) {
      track.person = person;
      track.spells = (track.emotions ?? []).map(([label, from_s, to_s], i) => (
        { person, track, label, from_s, to_s, shares: named(timeline.expressions.stored, track.shares?.[i]) }));
      person.spells.push(...track.spells);
      person.lookingSpells.push(...(track.looking ?? []));
      tracks.push(track);
    }
    person.spells.sort((a, b) => a.from_s - b.from_s);
    // what keyboard and pointer walk: spells, or whole tracks where expressions are switched off
    person.stops = person.spells.length ? person.spells : person.tracks.map((track) => (
      { person, track, label: "In view", from_s: track.start_s, to_s: track.end_s }));
    person.stops.sort((a, b) => a.from_s - b.from_s);
  }
  tracks.sort((a, b) => a.start_s - b.start_s);
  return {
    ...timeline,
    tracks,
    duration_s: timeline.video.duration_s,
    hasEmotion: tracks.some((track) => track.emotions),
    hasAttention: tracks.some((track) => track.looking),
    personById: new Map(timeline.people.map((person) => [person.person_id, person])),
  };
};

/** Index of the last element whose `key` is not after `value`, or -1. */
export const lastNotAfter = (list, value, key = (each) => each) => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

export const spellAt = (spells, time_s) => {
  const spell = spells[lastNotAfter(spells, time_s, (each) => each.from_s)];
  return spell && time_s < spell.to_s ? spell : undefined;
};

/** Seconds of [from_s, to_s) in which the person looks at the camera. */
export const lookingWithin = (spells, from_s, to_s) => spells.reduce(
  (sum, [start, end]) => sum + Math.max(0, Math.min(end, to_s) - Math.max(start, from_s)), 0);
