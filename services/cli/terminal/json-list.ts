/**
 * One JSON document whose first field is a list, item by item, so that none has to be kept. `rest`
 * is asked for the other fields when the list has ended.
 */
export async function* formatJsonList(
  field: string,
  items: AsyncIterable<object>,
  rest: () => object,
): AsyncGenerator<string> {
  yield `{\n  ${JSON.stringify(field)}: [`;
  let isEmpty = true;
  for await (const item of items) {
    const text = JSON.stringify(item, null, 2).replaceAll('\n', '\n    ');
    yield `${isEmpty ? '' : ','}\n    ${text}`;
    isEmpty = false;
  }
  yield `${isEmpty ? '' : '\n  '}],\n${JSON.stringify(rest(), null, 2).slice(2)}\n`;
}
