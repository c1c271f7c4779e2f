//go:build unix

package pg

import (
	"context"
	"database/sql/driver"
	"net"
	"syscall"

	"github.com/uptrace/bun/driver/pgdriver"
)

// alive reports driver.ErrBadConn when the server has left, or has said something to, a connection that lay idle. It
// looks at the socket without waiting, so that a restart of PostgreSQL costs no request.
func alive(_ context.Context, c *pgdriver.Conn) error {
	socket := c.Conn()
	for { // below TLS and buffers
		w, ok := socket.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		socket = w.NetConn()
	}
	s, ok := socket.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return driver.ErrBadConn
	}
	quiet := false
	err = raw.Control(func(fd uintptr) { // not Read, which fails once an old deadline has passed
		var b [1]byte
		_, _, e := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		quiet = e == syscall.EAGAIN || e == syscall.EWOULDBLOCK || e == syscall.EINTR
	})
	if err != nil || !quiet {
		return driver.ErrBadConn
	}
	return nil
}
