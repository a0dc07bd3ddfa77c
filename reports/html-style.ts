/**
 * One column of 600 px that narrows with its window. Classes and not inline styles: mail of a hundred jobs has its limit, and
 * programs that drop the sheet show a plain text in order. Colours pass 4.5:1 on their ground in both schemes.
 */
const LIGHT = `body{margin:0;background:#eef1f2;color:#1c2326;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
table{border-collapse:collapse}
.out{width:100%}
.in{width:100%;max-width:600px;background:#fff;table-layout:fixed}
.in>tbody>tr>td{padding:24px 20px}
h1{font-size:22px;line-height:1.3;margin:0}
h2{font-size:18px;margin:32px 0 8px;padding-top:12px;border-top:1px solid #dbe1e4}
h3{font-size:15px;margin:16px 0 4px;overflow-wrap:anywhere}
p{margin:6px 0;overflow-wrap:anywhere}
ul{margin:4px 0;padding-left:18px}
li{margin:3px 0;overflow-wrap:anywhere}
i{font-style:normal;border:1px solid #8a979d;border-radius:3px;padding:0 4px;font-size:12px}
small,.sub,.n,.foot,.k{color:#55636a;font-size:13px;font-weight:400}
.say{font-size:16px;font-weight:600}
.caution{background:#fff4dc;color:#5c3d00;border-left:4px solid #c98a00;padding:6px 10px}
.tiles{width:100%;table-layout:fixed;margin:16px 0}
.tiles td{vertical-align:top;padding:10px;border:1px solid #dbe1e4;background:#f6f8f9}
.tiles p{margin:0}
.v{font-size:22px;font-weight:600;line-height:1.3;overflow-wrap:anywhere}
.card{border:1px solid #dbe1e4;border-left:4px solid #1d5c9e;padding:4px 12px 10px;margin:12px 0}
.card h3{margin-top:8px}
div.critical{border-left-color:#b3261e}
div.warning{border-left-color:#c98a00}
b.critical{color:#b3261e}
b.warning{color:#8a5200}
b.info{color:#1d5c9e}
pre{margin:4px 0 0;padding:8px 10px;background:#f1f4f5;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.add{color:#0b5c33}
.del{color:#8f1d17}
img{display:block;width:100%;height:auto;border:0}
.data{width:100%;font-size:13px;margin:6px 0}
.data th{text-align:left;font-weight:400;padding:3px 6px;border-bottom:1px solid #dbe1e4;overflow-wrap:anywhere}
.data td{padding:3px 6px;border-bottom:1px solid #dbe1e4}
.data thead th{color:#55636a}
.data .f{text-align:right;overflow-wrap:normal;font-variant-numeric:tabular-nums}
.job{border-bottom:1px solid #dbe1e4;padding-bottom:10px}
.foot{margin-top:24px}`;

const DARK = `body{background:#0d1113;color:#e4e9eb}
.in{background:#14191b}
h2{border-top-color:#333d42}
i{border-color:#7c8a91}
small,.sub,.n,.foot,.k,.data thead th{color:#a3b0b6}
.caution{background:#33270a;color:#ffe2a3;border-left-color:#f0b45a}
.tiles td{border-color:#333d42;background:#1b2225}
.card{border-color:#333d42;border-left-color:#8fc0f5}
div.critical{border-left-color:#ff8d85}
div.warning{border-left-color:#f0b45a}
b.critical{color:#ff8d85}
b.warning{color:#f0b45a}
b.info{color:#8fc0f5}
pre{background:#0d1113}
.add{color:#7fd8a4}
.del{color:#ffa39c}
.data th,.data td,.job{border-bottom-color:#333d42}`;

const NARROW = `.in>tbody>tr>td{padding:16px 12px}
.tiles,.tiles tbody,.tiles tr,.tiles td{display:block}`;

export const STYLE = `${LIGHT}
@media(prefers-color-scheme:dark){${DARK}}
@media(max-width:480px){${NARROW}}`.replace(/\n/g, '');
