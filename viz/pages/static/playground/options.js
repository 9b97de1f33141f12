// The fields of the settings: what is chosen in them, and what they show.

const SIZES = [1, 5, 10, 20, 50, 100];

/** Listen to the fields. */
export function listenSettings(ui, session) {
  const change = (name, act) => ui[name].addEventListener("change", () => act(ui[name]));
  const tune = (changes) => session.set({ optimizer: { ...session.settings.optimizer, ...changes } });
  change("optimizer", ({ value }) => session.choose(value));
  change("rate", ({ value }) => tune({ lr: Number(value) }));
  change("momentum", ({ valueAsNumber }) => {
    if (valueAsNumber >= 0 && valueAsNumber < 1) tune({ momentum: valueAsNumber });
  });
  change("batch", ({ value }) => session.set({ batch_size: value ? Number(value) : null }));
  change("validation", ({ value }) => session.set({ validation: Number(value) }));
  change("noise", ({ value }) => session.set({ noise: Number(value) }));
  change("speed", ({ value }) => session.set({ speed: Number(value) }));
  change("seed", ({ valueAsNumber: seed }) => {
    if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) session.set({ seed });
  });
}

/** Show the settings; a value that is none of the usual ones becomes one. */
export function showSettings(ui, { settings, trainer }) {
  const { optimizer: how } = settings;
  show(ui.optimizer, how.name);
  show(ui.rate, how.lr);
  ui.momentum.parentElement.hidden = !("momentum" in how);
  show(ui.momentum, how.momentum ?? 0);
  const count = trainer.samples.length;
  if (ui.batch.dataset.count !== String(count)) {
    ui.batch.dataset.count = count;
    const sizes = SIZES.filter((size) => size < count).map((size) => new Option(size, size));
    ui.batch.replaceChildren(...sizes, new Option(`all ${count}`, ""));
  }
  show(ui.batch, settings.batch_size ?? "");
  for (const name of ["validation", "noise", "seed", "speed"]) show(ui[name], settings[name]);
}

function show(field, value) {
  if (field === field.getRootNode().activeElement && field.type === "number") return;
  const text = String(value);
  if (field.options && ![...field.options].some((option) => option.value === text)) {
    field.add(new Option(text, text));
  }
  if (field.value !== text) field.value = text;
}
