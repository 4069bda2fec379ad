/**
 * Under an older Node the `weir` command is a parent which only forwards: when it was killed, this process, which is meant, must be gone too.
 * Call once at the start of every entry point.
 */
export function endWithWrapper(): void {
  if (process.env['WEIR_WRAPPED'] !== '1') return;
  delete process.env['WEIR_WRAPPED'];
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The channel alone must not keep a finished command alive.
  process.channel?.unref();
}
