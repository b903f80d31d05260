// Reads length-prefixed inputs, answers JSON lines.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"
)

type answer struct {
	Compose [][2][]byte `json:"compose"` // base64: JSON can't carry what is not UTF-8
	ComposeError string `json:"compose_error"`
	Docker  [][]byte `json:"docker"`
	DockerError string `json:"docker_error"`
}

func lookup(name string) (string, bool) {
	if name == "X" { return "envx", true }
	if name == "EMPTY" { return "", true }
	return "", false
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		var n uint32
		if err := binary.Read(in, binary.BigEndian, &n); err != nil { break }
		buf := make([]byte, n)
		io.ReadFull(in, buf)
		var a answer
		m, err := dotenv.ParseWithLookup(bytes.NewReader(buf), lookup)
		if err != nil { a.ComposeError = err.Error() } else {
			for k, v := range m { a.Compose = append(a.Compose, [2][]byte{[]byte(k), []byte(v)}) }
		}
		d, err := kvfile.ParseFromReader(bytes.NewReader(buf), lookup)
		if err != nil { a.DockerError = err.Error() } else {
			for _, pair := range d { a.Docker = append(a.Docker, []byte(pair)) }
		}
		j, _ := json.Marshal(a)
		out.Write(j); out.WriteByte('\n'); out.Flush()
	}
}
