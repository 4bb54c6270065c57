/**
 * Stops a server when its last user is gone: users hold a shared lock on `usuarios.lock`, which the system releases
 * however they end. A process of its own, out of reach of Ctrl-C. One guard a server is enough, the others leave.
 * Arguments: home, bin, data, uid, gid.
 */
const [home = "", bin = "", data = "", uid = "", gid = ""] = Deno.args;

using users = await Deno.open(`${home}/usuarios.lock`, { create: true, write: true });
using only = await Deno.open(`${home}/guardia.lock`, { create: true, write: true });
if (!(await only.tryLock(true))) Deno.exit(0);
await users.lock(true);
const there = await Deno.stat(`${data}/postmaster.pid`).then(() => true, () => false);
if (there) {
  await new Deno.Command(`${bin}/pg_ctl${Deno.build.os === "windows" ? ".exe" : ""}`, {
    args: ["-D", data, "-m", "fast", "-w", "-t", "30", "stop"],
    cwd: home,
    ...(uid === "" ? {} : { uid: Number(uid), gid: Number(gid) }),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}
