// Where a page keeps what it shows: in the file itself, or in a model that Python shares.

/** A store for a page around a plain object: a saved page has no kernel behind it. */
export function memoryStore(state) {
  const changes = new EventTarget();
  return {
    get: (key) => state[key],
    set(values) {
      Object.assign(state, values);
      for (const key in values) changes.dispatchEvent(new Event(key));
    },
    on(key, callback) {
      changes.addEventListener(key, callback);
      return () => changes.removeEventListener(key, callback);
    },
  };
}

/** The same around the model of a widget: what is set travels to Python, and back. */
export function modelStore(model) {
  return {
    get: (key) => model.get(key),
    set(values) {
      for (const key in values) model.set(key, values[key]);
      model.save_changes();
    },
    on(key, callback) {
      model.on(`change:${key}`, callback);
      return () => model.off?.(`change:${key}`, callback);
    },
  };
}
