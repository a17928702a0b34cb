"""Users of the console, from the command line: this is how the first administrator gets in."""

import argparse
import getpass
import sys

from central_server.cli.opening import read, write
from central_server.console import accounts
from central_server.exchange import wall_clock


def ask_password() -> str:
    """A password from the terminal, or the first line of standard input; never from the command line."""
    if sys.stdin.isatty():
        first = getpass.getpass("口令：")
        if first != getpass.getpass("再输一次："):
            raise accounts.AccountError("两次输入的口令不同。")
        return first
    return sys.stdin.readline().rstrip("\r\n")


def add(args: argparse.Namespace) -> int:
    secret = accounts.hashed(ask_password())
    write(args, lambda session: accounts.add(session, args.name, secret, args.unit, wall_clock()))
    print(f"已添加 {args.name}。")
    return 0


def listed(args: argparse.Namespace) -> int:
    for user in read(args, accounts.everyone):
        role = f"查看 {user.unit}" if user.unit else "管理员"
        print(f"{user.name}\t{role}\t{'已停用' if user.disabled_at else '正常'}")
    return 0


def disable(args: argparse.Namespace) -> int:
    write(args, lambda session: accounts.disable(session, args.name, wall_clock()))
    print(f"已停用 {args.name}。")
    return 0


def password(args: argparse.Namespace) -> int:
    secret = accounts.hashed(ask_password())
    write(args, lambda session: accounts.set_password(session, args.name, secret))
    print(f"{args.name} 的口令已改，已登录的会话都已退出。")
    return 0
