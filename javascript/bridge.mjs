// What FEEL is asked from Python, and how values cross: JSON, in which an object is one FEEL type by name and its
// content, so that no text is mistaken for a date. Bundled with feelin into feel/feelin.js.
import { evaluate, parseExpression, parseUnaryTests, unaryTest } from '@bpmn-io/feelin';
import { DateTime, Duration, FixedOffsetZone, IANAZone, Settings, SystemZone } from 'luxon';
import { held } from './bounds.mjs';

const IN = {
  context: (entries) => Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, read(value)])),
  date: (text) => DateTime.fromISO(text, { zone: FixedOffsetZone.utcInstance }),
  'date time': (text) => DateTime.fromISO(text, { setZone: true }),
  time: (text) => DateTime.fromISO(`1900-01-01T${text}`, { setZone: true }),
  duration: (parts) => Duration.fromObject(parts),
  range: ([start, end, startIncluded, endIncluded]) => range(read(start), read(end), startIncluded, endIncluded),
};

function read(value) {
  if (Array.isArray(value)) {
    return value.map(read);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const [[type, content]] = Object.entries(value);
  return IN[type](content);
}

function range(start, end, startIncluded, endIncluded) {
  const [first, last] = [startIncluded ? '[' : '(', endIncluded ? ']' : ')'];
  return evaluate(`${first}start..end${last}`, { start, end }).value;
}

// A value on its way out, while there is room for what it holds.
class Written {
  values = 0;
  characters = 0;

  of(value) {
    held(this.values++, 'values');
    if (value === null || value === undefined || typeof value === 'boolean') {
      return value ?? null;
    }
    if (typeof value === 'number') {
      return Number.isFinite(value) ? value : null;
    }
    return typeof value === 'string' ? this.text(value) : this.composed(value);
  }

  text(value) {
    held((this.characters += value.length), 'characters');
    return value;
  }

  composed(value) {
    if (Array.isArray(value)) {
      return value.map((entry) => this.of(entry));
    }
    if (DateTime.isDateTime(value)) {
      return value.isValid ? moment(value) : null;
    }
    if (Duration.isDuration(value)) {
      return value.isValid ? { duration: value.toObject() } : null;
    }
    if (Object.getPrototypeOf(value) === Object.prototype) {
      return { context: Object.fromEntries(Object.entries(value).map(([name, entry]) => [this.text(name), this.of(entry)])) };
    }
    if ('start included' in value) {
      return { range: [this.of(value.start), this.of(value.end), value['start included'], value['end included']] };
    }
    return { function: null };
  }
}

// feelin keeps all three as a luxon DateTime: a time is one of the first day of 1900, a date is midnight in UTC.
function moment(value) {
  if (value.year === 1900 && value.month === 1 && value.day === 1) {
    return { time: value.toISOTime({ includeOffset: value.zone !== SystemZone.instance }) };
  }
  if (value.zone === FixedOffsetZone.utcInstance && value.equals(value.startOf('day'))) {
    return { date: value.toISODate() };
  }
  return { 'date time': value.toISO() };
}

// The present and the local time are the caller's, never those of the machine. Before 1970 zones had odd minutes, and a
// time alone is kept as one of 1900.
function stand(now, zone) {
  const place = IANAZone.create(zone);
  SystemZone.prototype.offset = (instant) => place.offset(Math.max(instant, 0));
  Settings.defaultZone = SystemZone.instance;
  Settings.defaultLocale = 'en-US';
  Settings.now = () => now ?? 0;
  const present = () => {
    if (now === null) {
      throw new Error('There is no present here');
    }
    return DateTime.now();
  };
  return { now: present, today: () => present().setZone('utc', { keepLocalTime: true }).startOf('day') };
}

const ASK = {
  evaluate,
  test: unaryTest,
  'parse expression': (text, context) => parsed(parseExpression(text, context)),
  'parse tests': (text, context) => parsed(parseUnaryTests(text, context)),
};

function parsed(tree) {
  let fault = null;
  tree.iterate({
    enter: (node) => {
      fault ??= node.type.isError ? node.from : null;
    },
  });
  return { value: fault, warnings: [] };
}

function answered({ kind, text, value }, around) {
  try {
    const context = value === undefined ? around : { ...around, '?': read(value) };
    const { value: found, warnings } = ASK[kind](text, context);
    const told = warnings.slice(0, 20).map(({ type, message, position }) => [type, message.slice(0, 200), position.from]);
    return { value: new Written().of(found), warnings: told };
  } catch (fault) {
    const { bound, message, position } = fault;
    return { bound, fault: String(message).slice(0, 200), position: position?.from };
  }
}

globalThis.ask = (question) => {
  const { asked, context, now, zone } = JSON.parse(question);
  const around = { ...stand(now, zone), ...read(context) };
  return JSON.stringify(asked.map((one) => answered(one, around)));
};
