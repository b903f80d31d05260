// The same frames as dotenv_batch without the letter; answers a length and the JSON of what dotenv gives.
const dotenv = require(process.argv[2]);
let buffer = Buffer.alloc(0);
process.stdin.on('data', chunk => {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
    const size = buffer.readUInt32BE(0);
    const text = buffer.subarray(4, 4 + size).toString('utf8');
    buffer = buffer.subarray(4 + size);
    const answer = Buffer.from(JSON.stringify(dotenv.parse(text)));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(answer.length);
    process.stdout.write(Buffer.concat([head, answer]));
  }
});
