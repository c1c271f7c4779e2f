package whmcs

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// mysqldump writes tables as the program of that name does, with one INSERT for each few rows. A nil value is NULL.
type mysqldump struct {
	strings.Builder
	perInsert int
	hexBinary bool // --hex-blob
	complete  bool // --complete-insert
}

func (d *mysqldump) begin() {
	d.WriteString("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: localhost    Database: whmcs\n-- it's a comment; with (quotes' and `names`\n\n" +
		"/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n/*!50503 SET NAMES utf8mb4 */;\n/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;\n# another comment's\n")
}

func (d *mysqldump) table(name string, columns []string, rows [][]*string) {
	fmt.Fprintf(d, "\n--\n-- Table structure for table `%s`\n--\n\nDROP TABLE IF EXISTS `%s`;\n/*!50503 SET character_set_client = utf8mb4 */;\nCREATE TABLE `%s` (\n", name, name, name)
	var escaped []string
	for _, c := range columns {
		escaped = append(escaped, strings.ReplaceAll(c, "`", "``"))
	}
	for i, c := range escaped {
		kind := []string{"int(10) unsigned NOT NULL AUTO_INCREMENT", "text COLLATE utf8mb4_unicode_ci", "enum('Paid','It''s (not), `x`') NOT NULL DEFAULT 'Paid' COMMENT 'a, b) ; c'", "decimal(16,2) NOT NULL DEFAULT '0.00'"}[i%4]
		fmt.Fprintf(d, "  `%s` %s,\n", c, kind)
	}
	fmt.Fprintf(d, "  PRIMARY KEY (`%s`),\n  KEY `by (x)` (`%s`(32),`%s`),\n  FULLTEXT KEY `f` (`%s`)\n) ENGINE=InnoDB AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4 COMMENT='it''s; (odd)';\n", escaped[0], escaped[0], escaped[len(columns)-1], escaped[0])
	fmt.Fprintf(d, "LOCK TABLES `%s` WRITE;\n/*!40000 ALTER TABLE `%s` DISABLE KEYS */;\n", name, name)
	for chunk := range slices.Chunk(rows, max(1, d.perInsert)) {
		fmt.Fprintf(d, "INSERT INTO `%s` ", name)
		if d.complete {
			d.WriteString("(`" + strings.Join(escaped, "`, `") + "`) ")
		}
		d.WriteString("VALUES ")
		for n, row := range chunk {
			if n > 0 {
				d.WriteByte(',')
			}
			d.WriteByte('(')
			for i, v := range row {
				if i > 0 {
					d.WriteByte(',')
				}
				d.value(v)
			}
			d.WriteByte(')')
		}
		d.WriteString(";\n")
	}
	fmt.Fprintf(d, "/*!40000 ALTER TABLE `%s` ENABLE KEYS */;\nUNLOCK TABLES;\n", name)
	d.WriteString("DELIMITER ;;\n/*!50003 CREATE*/ /*!50003 TRIGGER `t` BEFORE INSERT ON `x` FOR EACH ROW BEGIN SET NEW.a = 'it''s; INSERT INTO `tblclients` VALUES (1)'; END */;;\nDELIMITER ;\n")
}

var mysqlEscapes = strings.NewReplacer("\\", `\\`, "'", `\'`, `"`, `\"`, "\x00", `\0`, "\n", `\n`, "\r", `\r`, "\x1a", `\Z`)

func (d *mysqldump) value(v *string) {
	switch {
	case v == nil:
		d.WriteString("NULL")
	case *v != "" && strings.Trim(*v, "0123456789") == "" && len(*v) < 10:
		d.WriteString(*v)
	case d.hexBinary && *v != "":
		fmt.Fprintf(d, "0x%X", *v)
	case strings.HasPrefix(*v, "\xff"):
		d.WriteString("_binary '" + mysqlEscapes.Replace(*v) + "'")
	default:
		d.WriteString("'" + mysqlEscapes.Replace(*v) + "'")
	}
}

// read returns what the dump's tables hold.
func read(text string) (map[string][][]string, map[string][]string, error) {
	all := map[string][][]string{}
	d := &dump{lex: sqlLexer{in: bufio.NewReaderSize(strings.NewReader(text), 16)}, columns: map[string][]string{}}
	d.rows = func(table string, _, values []string) error {
		all[table] = append(all[table], slices.Clone(values))
		return nil
	}
	err := d.read()
	return all, d.columns, err
}

// TestDumpsReadBack is the property that what mysqldump wrote is what we read, whatever is in it.
func TestDumpsReadBack(t *testing.T) {
	nasty := rapid.OneOf(rapid.String(), rapid.StringMatching("[\\\\'\"`(),;\n\r\x00\x1a/*# -]{0,12}"), rapid.SampledFrom([]string{"NULL", `\N`, "');DROP TABLE x;--", "0", "-12.50", "it''s", `\'`, "\xff\xfe", "*/", "/*", "--", "DELIMITER ;;\n"}))
	rapid.Check(t, func(t *rapid.T) {
		d := &mysqldump{perInsert: rapid.IntRange(1, 4).Draw(t, "rows for each INSERT"), hexBinary: rapid.Bool().Draw(t, "hex"), complete: rapid.Bool().Draw(t, "complete")}
		d.begin()
		want, columns := map[string][][]string{}, map[string][]string{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"tblclients", "tblinvoices", "mod_x"}), rapid.ID[string]).Draw(t, "tables") {
			columns[name] = []string{"id", "naam", "key", "a``b"}[:rapid.IntRange(2, 4).Draw(t, "columns")]
			for i, c := range columns[name] {
				columns[name][i] = strings.ReplaceAll(c, "``", "`")
			}
			var rows [][]*string
			for range rapid.IntRange(0, 5).Draw(t, "rows") {
				var row []*string
				var values []string
				for range columns[name] {
					v := nasty.Draw(t, "value")
					if rapid.IntRange(0, 5).Draw(t, "null") == 0 {
						row, values = append(row, nil), append(values, "")
						continue
					}
					row, values = append(row, &v), append(values, v)
				}
				rows, want[name] = append(rows, row), append(want[name], values)
			}
			d.table(name, columns[name], rows)
		}
		got, heads, err := read(d.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, d.String())
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("got  %q\nwant %q\nof\n%s", got, want, d.String())
		}
		for name, c := range columns {
			if !slices.Equal(heads[name], c) {
				t.Fatalf("the columns of %s are %q, want %q", name, heads[name], c)
			}
		}
	})
}

func TestOtherWaysToWriteADump(t *testing.T) {
	const create = "CREATE TABLE t (`id` int, `a` text);"
	for _, tt := range []struct{ name, dump, want string }{
		{"a database before the name", create + "INSERT INTO `whmcs`.`t` VALUES (1,'x');", `[["1" "x"]]`},
		{"without quotes", "create table if not exists whmcs.t (`id` int, `a` text) engine=InnoDB; insert ignore into whmcs.t values (1,'x')", `[["1" "x"]]`},
		{"REPLACE", create + "REPLACE INTO `t` VALUES (1,'x');", `[["1" "x"]]`},
		{"columns in another order", create + "INSERT INTO `t` (`a`, `id`) VALUES ('x',1);", `[["x" "1"]]`},
		{"ON DUPLICATE KEY", create + "INSERT INTO t VALUES (1,'x') ON DUPLICATE KEY UPDATE a = 'y);';", `[["1" "x"]]`},
		{"doubled quotes and double quotes", create + `INSERT INTO t VALUES (1,'it''s'),(2,"say ""hi"" 'x'");`, `[["1" "it's"] ["2" "say \"hi\" 'x'"]]`},
		{"hexadecimal, bits, exponents and signs", create + `INSERT INTO t VALUES (X'4142',b'101'),(-1.50,1.5e-3);`, `[["AB" "101"] ["-1.50" "1.5e-3"]]`},
		{"a character set", create + "INSERT INTO t VALUES (1,_utf8mb4'x'),(2,_binary 'y');", `[["1" "x"] ["2" "y"]]`},
		{"white space everywhere", create + "INSERT  INTO t\nVALUES\n( 1 ,\n 'x' )\n,\n(2,NULL)\n;\n", `[["1" "x"] ["2" ""]]`},
		{"other statements", create + "SET x = 'a;b'; CREATE VIEW v AS SELECT 1; CREATE TEMPORARY TABLE u LIKE t; INSERT INTO t VALUES (1,'x');", `[["1" "x"]]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := read(tt.dump)
			if fmt.Sprintf("%q", got["t"]) != tt.want || err != nil {
				t.Errorf("got %q, %v; want %s", got["t"], err, tt.want)
			}
		})
	}
}

func TestABrokenDumpIsAnError(t *testing.T) {
	const create = "CREATE TABLE `t` (`id` int, `a` text);"
	for name, text := range map[string]string{
		"cut off in a string":         create + "INSERT INTO `t` VALUES (1,'x",
		"cut off in a row":            create + "INSERT INTO `t` VALUES (1,",
		"cut off in a table":          "CREATE TABLE `t` (`id` int,",
		"cut off in a comment":        create + "/* ",
		"cut off in a name":           "INSERT INTO `t",
		"no columns":                  "INSERT INTO `t` VALUES (1);",
		"no values":                   create + "INSERT INTO `t` SELECT 1;",
		"something else inside a row": create + "INSERT INTO `t` VALUES (1 2);",
		"an empty value":              create + "INSERT INTO `t` VALUES (1,,2);",
		"odd hexadecimal":             create + "INSERT INTO `t` VALUES (1,0xABC);",
	} {
		t.Run(name, func(t *testing.T) {
			if got, _, err := read(text); err == nil {
				t.Errorf("it was read as %q", got)
			}
		})
	}
}

func FuzzDump(f *testing.F) {
	d := &mysqldump{perInsert: 2}
	d.begin()
	x := `it's "x"\`
	d.table("tblclients", []string{"id", "naam"}, [][]*string{{&x, nil}, {nil, &x}})
	f.Add([]byte(d.String()))
	f.Add([]byte("DELIMITER ;;\n'"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _, _ = read(string(text)) // it ends, and does not panic
	})
}

func BenchmarkDump(b *testing.B) {
	d := &mysqldump{perInsert: 1000}
	var rows [][]*string
	for n := range 20_000 {
		id, text := fmt.Sprint(n), strings.Repeat("Domeinregistratie - a'b.nl ", rand.IntN(6))
		rows = append(rows, []*string{&id, &text, nil, &id})
	}
	d.table("tblinvoiceitems", []string{"id", "description", "notes", "invoiceid"}, rows)
	b.SetBytes(int64(d.Len()))
	text := []byte(d.String())
	for b.Loop() {
		x := &dump{lex: sqlLexer{in: bufio.NewReaderSize(bytes.NewReader(text), 1<<20)}, columns: map[string][]string{}, rows: func(string, []string, []string) error { return nil }}
		if err := x.read(); err != nil {
			b.Fatal(err)
		}
	}
}
