import { type Documented, type Given, WrongOption } from './commandLine';
import type { FileLimits } from './files/files';

/** `null`: there is no file store. */
export type FileOptions = FileLimits | null;

const megabyte = 1_000_000;
const dayMs = 86_400_000;

/** What Lync blocks as delivered, of what runs by a double click on today's systems. */
const usuallyBlocked =
  'ade,adp,app,appref-ms,asp,bas,bat,chm,cmd,com,cpl,crt,csh,dll,exe,fxp,gadget,hlp,hta,inf,ins,isp,its,jar,js,jse,ksh,lnk,' +
  'mad,maf,mag,mam,maq,mar,mas,mat,mau,mav,maw,mda,mdb,mde,mdt,mdw,mdz,msc,msi,msp,mst,ocx,ops,pcd,pif,prf,prg,ps1,psm1,reg,' +
  'scf,scr,sct,shb,shs,url,vb,vbe,vbs,vsmacros,vss,vst,vsw,ws,wsc,wsf,wsh';

export const documentedFileOptions: readonly Documented[] = [
  { name: 'no-files', text: 'no file store: files go from browser to browser only' },
  { name: 'file-size', value: 'MB', standard: '2000', text: 'the largest file' },
  { name: 'file-quota', value: 'MB', standard: '10000', text: 'the files of one person' },
  { name: 'file-total', value: 'MB', standard: '50000', text: 'all files' },
  { name: 'file-days', value: 'DAYS', standard: '7', text: 'how long a file is kept at most' },
  {
    name: 'file-block',
    value: 'ENDINGS',
    standard: 'usual',
    text: 'endings of files that nobody may send: exe,bat,...; usual is what runs by a double click; none lets all pass',
  },
];

export function fileOptions(given: Given): FileOptions {
  if (given.flag('no-files')) return null;
  const blocked = (given.text('file-block') ?? '').toLowerCase();
  if (!/^[a-z0-9-]+(,[a-z0-9-]+)*$/.test(blocked)) {
    throw new WrongOption(`--file-block is a list of endings like exe,bat or none: ${blocked}`);
  }
  return {
    size: given.number('file-size', 1_000_000) * megabyte,
    quota: given.number('file-quota', 9_999_999) * megabyte,
    total: given.number('file-total', 9_999_999) * megabyte,
    lifetimeMs: given.number('file-days', 3650) * dayMs,
    blocked: endingsOf(blocked),
  };
}

function endingsOf(text: string): string[] {
  if (text === 'none') return [];
  return (text === 'usual' ? usuallyBlocked : text).split(',').map((ending) => `.${ending}`);
}
