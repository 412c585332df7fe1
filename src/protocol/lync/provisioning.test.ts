import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import {
  formatProvisioning,
  formatProvisioningRequest,
  parseProvisioning,
  parseProvisioningRequest,
} from './provisioning';

// lync-wire 2
const request = `<provisioningGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist">
  <provisioningGroup name="ServerConfiguration"/><provisioningGroup name="meetingPolicy"/></provisioningGroupList>`;

const answer = `<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">
  <provisionGroup name="ServerConfiguration">
    <focusFactoryUri>sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory</focusFactoryUri></provisionGroup>
  <provisionGroup name="presencePolicyV2"><propertyEntryList>
    <property name="EnablePrivacyMode"> False </property></propertyEntryList></provisionGroup></provisionGroupList>`;

describe('in-band provisioning', () => {
  it('2: reads the groups asked for, and writes them again', () => {
    const names = parseProvisioningRequest(request);
    expect(names).toEqual(['ServerConfiguration', 'meetingPolicy']);
    expect(parseProvisioningRequest(formatProvisioningRequest(names))).toEqual(names);
  });

  it('2.1: reads flat groups and property lists alike', () => {
    const groups = parseProvisioning(answer);
    expect(groups.get('ServerConfiguration')?.get('focusFactoryUri')).toBe(
      'sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory',
    );
    expect([...(groups.get('presencePolicyV2') ?? [])]).toEqual([['EnablePrivacyMode', 'False']]);
  });

  it('2.1: writes each group in its own form', () => {
    const settings = new Map([['meetingSize', '250']]);
    const text = formatProvisioning([
      { name: 'meetingPolicy', settings },
      { name: 'presencePolicyV2', settings, properties: true },
    ]);
    expect(text).toBe(
      '<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">' +
        '<provisionGroup name="meetingPolicy"><meetingSize>250</meetingSize></provisionGroup>' +
        '<provisionGroup name="presencePolicyV2"><propertyEntryList><property name="meetingSize">250</property>' +
        '</propertyEntryList></provisionGroup></provisionGroupList>',
    );
    expect(parseProvisioning(text)).toEqual(
      new Map([
        ['meetingPolicy', settings],
        ['presencePolicyV2', settings],
      ]),
    );
  });

  it.each([
    ['nothing', ''],
    ['a cut document', request.slice(0, -30)],
    ['the other document', answer],
    ['plain words', 'deregistered'],
  ])('refuses %s as a request', (_what, text) => {
    expect(() => parseProvisioningRequest(text)).toThrow(MalformedBody);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', answer.slice(0, -30)],
    ['the other document', request],
    ['a doctype', `<!DOCTYPE a>${answer}`],
  ])('refuses %s as an answer', (_what, text) => {
    expect(() => parseProvisioning(text)).toThrow(MalformedBody);
  });

  it('leaves out groups without a name that are asked for', () => {
    expect(parseProvisioningRequest('<provisioningGroupList><provisioningGroup/></provisioningGroupList>')).toEqual([]);
  });
});
