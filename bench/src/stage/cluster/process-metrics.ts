const METRICS_LIMIT_MS = 5_000;

/** What a process tells on /metrics, by `name{labels}` as it writes them; rejects when it does not answer. */
export async function readMetrics(port: number): Promise<ReadonlyMap<string, number>> {
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`, {
    signal: AbortSignal.timeout(METRICS_LIMIT_MS),
  });
  if (!reply.ok) throw new Error(`/metrics on port ${port} answered ${reply.status}`);
  return metricsIn(await reply.text());
}

/** Reads Prometheus' text format: one sample a line, its value behind the last space. */
export function metricsIn(text: string): ReadonlyMap<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
