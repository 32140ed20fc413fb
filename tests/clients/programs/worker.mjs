// camunda-external-task-client-js 3.1.0: fails once with a retry left, then extends its lock, reads a file, and completes
// with another.
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BasicAuthInterceptor, Client, File, Variables } from "camunda-external-task-client-js";

const [baseUrl, topic, username, password] = process.argv.slice(2);
const interceptors = new BasicAuthInterceptor({ username, password });
const client = new Client({ baseUrl, workerId: "js", asyncResponseTimeout: 2000, interceptors });

client.subscribe(topic, { lockDuration: 5000 }, async ({ task, taskService }) => {
  if (task.variables.get("copies") !== 2) throw new Error("the variables did not arrive");
  if (task.retries === null) {
    await taskService.handleFailure(task, { errorMessage: "blunt", retries: 1, retryTimeout: 0 });
    return;
  }
  await taskService.extendLock(task, 8000);
  const design = await task.variables.get("design").load();
  const proof = path.join(tmpdir(), `proof-of-${task.id}.txt`);
  writeFileSync(proof, Buffer.concat([design.content, Buffer.from(` by ${design.filename}`)]));
  const file = new File({ localPath: proof, filename: "proof.txt", mimetype: "text/plain", encoding: "UTF-8" });
  await file.load();
  rmSync(proof);
  const found = new Variables().set("engraved", true).set("proof", file).set("marks", { a: 1 }).set("on", new Date(0));
  await taskService.complete(task, found);
  client.stop();
});
