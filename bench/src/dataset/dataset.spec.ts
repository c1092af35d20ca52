import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitRecords } from './csv.ts';
import { readOrders, readProducts } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function gzipped(name: string, lines: readonly string[]): Promise<URL> {
  const path = join(folder, name);
  await writeFile(path, gzipSync(`${lines.join('\n')}\n`));
  return pathToFileURL(path);
}

async function collected<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const ORDER_HEADER = 'invoice,placed_at,customer,country,sku,quantity,unit_price_gbp';

describe('records of a CSV text', () => {
  it('are the same wherever the text is cut', async () => {
    const text = 'a,"b,""c""\nd",e\r\n\n1,2,3';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const records = (await collected(splitRecords([text.slice(0, cut), text.slice(cut)]))).flat();
      expect(records).toEqual([
        ['a', 'b,"c"\nd', 'e'],
        ['1', '2', '3'],
      ]);
    }
  });
});

describe('products', () => {
  it('are those with a price, in pence', async () => {
    const file = await gzipped('products.csv.gz', [
      'sku,description,list_price_gbp',
      '21111,"SWISS ROLL TOWEL, CHOCOLATE",2.95',
      'PADS,PADS,0.00',
      'FREE,FREE,',
      'TEN,TEN,10.5',
    ]);
    expect(await collected(readProducts(file))).toEqual([
      { sku: '21111', name: 'SWISS ROLL TOWEL, CHOCOLATE', listPriceMinor: 295 },
      { sku: 'TEN', name: 'TEN', listPriceMinor: 1050 },
    ]);
  });
});

describe('orders', () => {
  it('drop lines of unknown products and skip orders left empty', async () => {
    const file = await gzipped('orders.csv.gz', [
      ORDER_HEADER,
      '1,2010-12-01T08:26:00,17850,United Kingdom,A,6,2.55',
      '1,2010-12-01T08:26:00,17850,United Kingdom,PADS,6,2.55',
      '2,2010-12-01T08:27:00,17851,France,PADS,1,0',
      '3,2010-12-01T08:28:00,17852,France,B,2,0',
    ]);
    const orders = await collected(readOrders(new Set(['A', 'B']), file));
    expect(orders.map(({ invoice, partnerId, lines }) => ({ invoice, partnerId, lines }))).toEqual([
      { invoice: '1', partnerId: '17850', lines: [{ sku: 'A', quantity: 6 }] },
      { invoice: '3', partnerId: '17852', lines: [{ sku: 'B', quantity: 2 }] },
    ]);
  });

  it('reject a quantity the API would refuse', async () => {
    const file = await gzipped('huge.csv.gz', [ORDER_HEADER, '1,2010-12-01T08:26:00,1,UK,A,1000001,1']);
    await expect(collected(readOrders(new Set(['A']), file))).rejects.toThrow('1000001');
  });

  it('of the real data set are whole', { timeout: 20_000 }, async () => {
    const skus = new Set<string>();
    for await (const product of readProducts()) skus.add(product.sku);
    let orders = 0;
    let lines = 0;
    let repeated = 0;
    for await (const order of readOrders(skus)) {
      orders += 1;
      lines += order.lines.length;
      if (new Set(order.lines.map((line) => line.sku)).size < order.lines.length) repeated += 1;
    }
    expect({ products: skus.size, orders, lines, repeated }).toEqual({
      products: 3664,
      orders: 13_171,
      lines: 261_302,
      repeated: 0,
    });
  });
});
