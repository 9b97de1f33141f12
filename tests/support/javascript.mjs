// Runs modules of JavaScript, such as those of tape.to_javascript(), for the tests: one request a line, one answer a line.
import { createInterface } from "node:readline";

const numbers = (text) => new Float64Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const text = (numbers) => Buffer.from(numbers.buffer).toString("base64");

async function answer({ source, samples, count, call, given }) {
    const encoded = Buffer.from(source).toString("base64");
    const module = await import(`data:text/javascript;base64,${encoded}`);
    if (call) return { result: module[call](...given) };
    const { program, programParams } = module;
    const outputs = samples.map(([inputs, params]) => {
        const given = params === null ? programParams : numbers(params);
        const outputs = new Float64Array(count);
        if (program(numbers(inputs), given, outputs) !== outputs) throw Error("returns another");
        return text(outputs);
    });
    return { outputs };
}

for await (const line of createInterface({ input: process.stdin })) {
    const found = await answer(JSON.parse(line)).catch((error) => ({ error: String(error.stack) }));
    process.stdout.write(`${JSON.stringify(found)}\n`);
}
