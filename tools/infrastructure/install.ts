/** Installs missing servers by apt where that is possible without asking; elsewhere it says what to type. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inheritedEnvironment } from './config.ts';
import { PlainFailure, sentenceAboutDisk } from './plain-failure.ts';
import { findPrograms, type Programs } from './programs.ts';

const APT_PACKAGES = { postgres: 'postgresql', nats: 'nats-server', redis: 'redis-server' } as const;
const NAMES = {
  postgres: 'PostgreSQL 15 or newer',
  nats: 'NATS 2.9 or newer',
  redis: 'Redis 7 or newer',
} as const;
type ServerName = keyof typeof NAMES;

/** Debian's policy file: while it exists and exits 101, packages do not start their system services. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** The servers of this machine, installed by apt when some of `needed` are missing and this is root on Debian or Ubuntu. */
export async function programsFor(
  needed: readonly ServerName[],
  say: (line: string) => void,
): Promise<Programs> {
  const found = findPrograms();
  const missing = needed.filter((name) => found[name] === undefined);
  if (missing.length === 0) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new PlainFailure(howToInstall(missing));
  await installByApt(missing, say);
  const after = findPrograms();
  const stillMissing = needed.filter((name) => after[name] === undefined);
  if (stillMissing.length > 0) throw new PlainFailure(howToInstall(stillMissing));
  return after;
}

async function installByApt(missing: readonly ServerName[], say: (line: string) => void): Promise<void> {
  const packages = missing.map((name) => APT_PACKAGES[name]);
  say(`Installing ${packages.join(', ')} by apt (about a minute) …`);
  await withoutServiceStart(async () => {
    await apt(['update', '-q']);
    await apt(['install', '-q', '-y', '--no-install-recommends', ...packages]);
  });
  disableServices(packages);
}

/** The run uses private instances: the packages' own services shall neither start now … */
async function withoutServiceStart(work: () => Promise<void>): Promise<void> {
  const isOurs = !existsSync(SERVICE_POLICY);
  if (isOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    if (isOurs) rmSync(SERVICE_POLICY, { force: true });
  }
}

/** … nor with the next boot, where systemd runs. */
function disableServices(packages: readonly string[]): void {
  if (!existsSync('/run/systemd/system')) return;
  spawn('systemctl', ['disable', ...packages], { stdio: 'ignore' }).on('error', () => undefined);
}

function apt(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', args, {
      env: { ...inheritedEnvironment, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(aptFailure(args, output))));
  });
}

function aptFailure(args: readonly string[], output: string): PlainFailure {
  const lastLines = output.trim().split('\n').slice(-6).join('\n');
  const disk = sentenceAboutDisk(output, '/');
  return new PlainFailure(
    disk ??
      `\`apt-get ${args.join(' ')}\` failed: run it by hand, mend what it reports, and start again.\n${lastLines}`,
  );
}

function howToInstall(missing: readonly ServerName[]): string {
  const packages = (names: Readonly<Record<ServerName, string>>) =>
    missing.map((name) => names[name]).join(' ');
  const brew = { postgres: 'postgresql@17', nats: 'nats-server', redis: 'redis' };
  const fedora = { postgres: 'postgresql-server', nats: 'nats-server', redis: 'redis' };
  const arch = { postgres: 'postgresql', nats: 'nats-server', redis: 'redis' };
  return [
    `This machine${distribution()} lacks ${missing.map((name) => NAMES[name]).join(', ')}; install and start again:`,
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y ${packages(APT_PACKAGES)}`,
    `  macOS            brew install ${packages(brew)}`,
    `  Fedora           sudo dnf install -y ${packages(fedora)}`,
    `  Arch             sudo pacman -S ${packages(arch)}`,
    '  or point DATABASE_URL_ORDERS, _INVENTORY, _PAYMENTS, _FULFILLMENT, NATS_URL and REDIS_URL at servers you have.',
  ].join('\n');
}

function distribution(): string {
  if (!existsSync('/etc/os-release')) return '';
  const name = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return name ? ` (${name})` : '';
}
