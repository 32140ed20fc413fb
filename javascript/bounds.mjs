// How much an evaluation may make. V8 looks at its heap only when it collects garbage, so one text that doubles itself
// would be half a gigabyte before anybody looked; wherever feelin makes longer texts, it is led through here.
const MOST = { characters: 1_000_000, values: 100_000 };

export function held(count, what) {
  if (count > MOST[what]) {
    throw Object.assign(new Error(`More than ${MOST[what]} ${what}`), { bound: what });
  }
}

export function boundedText(made) {
  if (typeof made === 'string') {
    held(made.length, 'characters');
  }
  return made;
}

export function boundedJoin(pieces, between) {
  held(
    pieces.reduce((length, piece) => length + piece.length + between.length, 0),
    'characters',
  );
  return pieces.join(between);
}

export function boundedReplace(input, pattern, replacement) {
  held((input.length * replacement.length) / 10, 'characters');
  return boundedText(input.replace(pattern, replacement));
}
