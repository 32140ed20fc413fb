// camunda-external-task-client-js 3.1.0: fails once with a retry left, then extends its lock and completes.
import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

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
  await taskService.complete(task, new Variables().set("engraved", true).set("marks", { a: 1 }).set("on", new Date(0)));
  client.stop();
});
