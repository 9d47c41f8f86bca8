// Holds events of streams to the AsyncAPI document: each is a message that its channel describes, and
// its data has what the message's schema says and nothing else.
import assert from 'node:assert/strict';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { close, compiling } from './openapi.mjs';

export class Events {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv(compiling);
    addFormats(this.ajv);
    this.ajv.addSchema(close({ components: { schemas: document.components.schemas } }), 'events');
  }

  // The types that a channel describes.
  typesOf(channel) {
    return Object.keys(this.document.channels[channel].messages);
  }

  // What is wrong with data of a type, as text; '' when nothing is.
  faults(type, data) {
    const message = this.document.components.messages[type];
    if (!message) return 'no message is called so';
    const validate = this.ajv.getSchema(`events${message.payload.$ref}`);
    return validate(data) ? '' : this.ajv.errorsText(validate.errors, { dataVar: 'data' });
  }

  // Of a stream at this address.
  assertEvent(target, type, data) {
    const channel = target.includes('/goals/') ? 'goal' : 'tenant';
    const faults = this.typesOf(channel).includes(type) ? this.faults(type, data) : `the channel "${channel}" does not have it`;
    assert.equal(faults, '', `the event ${type} is not as /asyncapi.json says: ${faults}\n${JSON.stringify(data).slice(0, 2000)}`);
  }
}

export async function fetchEvents(url) {
  const answer = await fetch(`${url}/asyncapi.json`);
  assert.equal(answer.status, 200);
  return new Events(await answer.json());
}
