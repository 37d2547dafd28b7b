/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plain values of JavaScript and GVariants:
 *
 *   whole number x, other number d, BigInt x or t, string s, boolean b, null mv (nothing),
 *   undefined (), array av, plain object a{sv}, Uint8Array ay, GLib.Variant as it is
 */

const {GLib} = imports.gi;
const {addBytes} = imports.overrides.mpel.collection;
const System = imports.system;

const {Variant, VariantType} = GLib;
const BYTES = VariantType.new('ay');
const ANY = VariantType.new('v');
const ENTRY = VariantType.new('{sv}');

/* In some versions of gjs, 1.74 among them, whatever makes a GVariant leaves it a reference too many. To
 * give one up where there is none would destroy memory, and no version tells, so look: a file that is
 * mapped stays so while a variant of its bytes lives.
 *
 * A wrapper that is not collected, for whatever reason, must not be taken for that reference: many are
 * made, of which all have to stay, and of as many bytes without a variant all have to go. */
const N_PROBES = 16;

function countMapped(path) {
  const [, maps] = GLib.file_get_contents('/proc/self/maps');

  return new TextDecoder().decode(maps).split('\n').filter(line => line.includes(path)).length;
}

function countLeft(path, use) {
  const before = countMapped(path);

  for (let i = 0; i < N_PROBES; i++)
    use(GLib.MappedFile.new(path, false).get_bytes());
  System.gc();
  return countMapped(path) - before;
}

/* When in doubt it is "no": a leak is better than giving up a reference that somebody else owns. */
function findLeak(path) {
  try {
    return countLeft(path, () => {}) === 0 && countLeft(path, bytes => {
      Variant.new_from_bytes(BYTES, bytes, true);
    }) === N_PROBES;
  } catch (error) {
    return false;
  }
}

let leaks = false;

/* To be called once for each variant that has just been made. */
function own(variant) {
  if (leaks)
    variant.unref();
  return variant;
}

function packNumber(value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0))
    return own(Variant.new_int64(value));
  return own(Variant.new_double(value));
}

function packBigInt(value) {
  if (BigInt.asIntN(64, value) === value)
    return own(Variant.new_int64(value));
  if (BigInt.asUintN(64, value) === value)
    return own(Variant.new_uint64(value));
  throw new RangeError(`${value} does not fit into 64 bits`);
}

function packString(value) {
  if (value.includes('\0'))
    throw new TypeError('a string with a zero in it cannot travel as text; send a Uint8Array');
  if (/\p{Surrogate}/u.test(value))
    throw new TypeError('half of a surrogate pair cannot travel as text');
  addBytes(value.length);
  return own(Variant.new_string(value));
}

function packBytes(value) {
  addBytes(value.length);
  return own(Variant.new_from_bytes(BYTES, GLib.Bytes.new(value), true));
}

const box = variant => own(Variant.new_variant(variant));

function packArray(values, seen) {
  return own(Variant.new_array(ANY, Array.from(values, value => box(packInside(value, seen)))));
}

function packEntry([name, value], seen) {
  return own(Variant.new_dict_entry(packString(name), box(packInside(value, seen))));
}

function packPlainObject(object, seen) {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);

  return own(Variant.new_array(ENTRY, entries.map(entry => packEntry(entry, seen))));
}

function packNothing() {
  return own(Variant.new_maybe(ANY, null));
}

function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);

  /* Those of other realms are plain, too. */
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function packObject(object, seen) {
  if (object === null)
    return packNothing();
  if (object instanceof Variant)
    return object;
  if (object instanceof Uint8Array)
    return packBytes(object);
  if (object instanceof GLib.Bytes)
    return own(Variant.new_from_bytes(BYTES, object, true));
  if (seen.includes(object))
    throw new TypeError('a value that contains itself cannot travel');
  if (Array.isArray(object))
    return packArray(object, [...seen, object]);
  if (typeof object.toJSON === 'function')
    return packAny(object.toJSON(), [...seen, object]);
  if (isPlain(object))
    return packPlainObject(object, [...seen, object]);
  throw new TypeError(`${object.constructor?.name ?? 'this'} has no GVariant type; only plain objects travel`);
}

const PACKERS = {
  number: packNumber,
  bigint: packBigInt,
  string: packString,
  boolean: value => own(Variant.new_boolean(value)),
  undefined: () => own(Variant.new_tuple([])),
  object: packObject,
};

function packAny(value, seen) {
  const packer = PACKERS[typeof value];

  if (packer === undefined)
    throw new TypeError(`a ${typeof value} cannot travel inside a value`);
  return packer(value, seen);
}

/* As in JSON, what is not defined inside an array is null, holes among it. */
function packInside(value, seen) {
  return value === undefined ? packNothing() : packAny(value, seen);
}

var pack = value => packAny(value, []);

/* A tuple for the args of an event. */
var packArgs = values => own(Variant.new_tuple(values.map(value => packInside(value, []))));

var packHandle = handle => own(Variant.new_handle(handle));

/* Whole numbers that a Number cannot hold come as BigInt; asking GLib for them would round. */
function unpackLong(variant) {
  const text = variant.print(false);
  const number = Number(text);

  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function* children(variant) {
  for (let i = 0, n = variant.n_children(); i < n; i++)
    yield variant.get_child_value(i);
}

function unpackDict(variant) {
  const object = {};

  for (const entry of children(variant)) {
    const value = unpack(entry.get_child_value(1));
    /* Not by assignment, which means something else for __proto__. */
    Object.defineProperty(object, unpack(entry.get_child_value(0)), {
      value, configurable: true, enumerable: true, writable: true,
    });
  }
  return object;
}

function unpackBytes(variant) {
  addBytes(variant.get_size());
  return variant.get_data_as_bytes().toArray();
}

function unpackString(variant) {
  const [text, size] = variant.get_string();

  addBytes(size);
  return text;
}

function unpackArray(variant) {
  const type = variant.get_type_string();

  if (type === 'ay')
    return unpackBytes(variant);
  if (type[1] === '{')
    return unpackDict(variant);
  return Array.from(children(variant), unpack);
}

function unpackMaybe(variant) {
  return variant.n_children() === 0 ? null : unpack(variant.get_child_value(0));
}

function unpackTuple(variant) {
  return variant.n_children() === 0 ? undefined : Array.from(children(variant), unpack);
}

const UNPACKERS = {
  x: unpackLong,
  t: unpackLong,
  s: unpackString,
  v: variant => unpack(variant.get_variant()),
  m: unpackMaybe,
  a: unpackArray,
  '(': unpackTuple,
};

/* The other way; types that pack never makes have the value that deepUnpack gives them. */
var unpack = variant => {
  const unpacker = UNPACKERS[variant.get_type_string()[0]];

  return unpacker === undefined ? variant.deepUnpack() : unpacker(variant);
};

function addTo(Mpel) {
  /* A script knows its file when it has been loaded, not before. */
  leaks = findLeak(__file__);
  Mpel.pack = pack;
  Mpel.packArgs = packArgs;
  Mpel.unpack = unpack;
}
