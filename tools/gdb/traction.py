"""For gdb: shows our values as people read them, and what every waiting fiber is doing.

    gdb -x tools/gdb/traction.py -p PID        (or PROGRAM CORE)
    (gdb) print request->operation
    $1 = "updateGoal"
    (gdb) fibers                               one line each: number, where it waits, request id
    (gdb) fiber 3                              its backtrace
    (gdb) fiber all

Fibers (runtime/fiber/fiber.c) leave the processor by _setjmp, so where one stands is read from its
jmp_buf. glibc keeps the pointers in it mangled with the thread's guard (sysdeps/x86_64/setjmp.S);
this script knows x86-64 alone.
"""
import re

import gdb
import gdb.printing
import gdb.unwinder


class StrPrinter:
    """struct str: bytes with a length; absent when it has no bytes at all."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        data = self.value["data"]
        if int(data) == 0:
            return "absent"
        return data.lazy_string(length=int(self.value["size"]))


class UuidPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        field = self.value.type.fields()[0].name
        octets = self.value[field]
        text = "".join("%02x" % (int(octets[i]) & 0xFF) for i in range(16))
        return "-".join(re.match("(.{8})(.{4})(.{4})(.{4})(.{12})", text).groups())


class TimestampPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        import datetime

        us = int(self.value["us"])
        if us == -(2**63):
            return "none"
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)).isoformat() + "Z"


def printers():
    collection = gdb.printing.RegexpCollectionPrettyPrinter("traction")
    collection.add_printer("str", "^str$", StrPrinter)
    collection.add_printer("uuid", "^uuid$", UuidPrinter)
    collection.add_printer("timestamp", "^timestamp$", TimestampPrinter)
    return collection


gdb.printing.register_pretty_printer(None, printers(), replace=True)

# --- Fibers ---

JUMP_RBX, JUMP_RBP, JUMP_R12, JUMP_R13, JUMP_R14, JUMP_R15, JUMP_RSP, JUMP_RIP = range(8)
MASK = 2**64 - 1


def guard():
    """The thread's pointer guard, in its control block."""
    pointer = gdb.lookup_type("unsigned long").pointer()
    address = int(gdb.parse_and_eval("$fs_base")) + 0x30
    return int(gdb.Value(address).cast(pointer).dereference()) & MASK


def registers(fiber):
    saved = fiber["context"][0]["__jmpbuf"]
    secret = guard()

    def plain(index):
        return int(saved[index]) & MASK

    def demangled(index):
        value = plain(index)
        return (((value >> 0x11) | (value << (64 - 0x11))) & MASK) ^ secret

    return {
        "rip": demangled(JUMP_RIP),
        "rsp": demangled(JUMP_RSP),
        "rbp": demangled(JUMP_RBP),
        "rbx": plain(JUMP_RBX),
        "r12": plain(JUMP_R12),
        "r13": plain(JUMP_R13),
        "r14": plain(JUMP_R14),
        "r15": plain(JUMP_R15),
    }


class FiberUnwinder(gdb.unwinder.Unwinder):
    """Makes the innermost frame's caller the place where the chosen fiber left: what gdb prints above
    frame 0 is then the fiber's stack. Works on a core as on a process, since nothing is written."""

    def __init__(self):
        super().__init__("traction-fiber")
        self.chosen = None

    def __call__(self, pending):
        if self.chosen is None:
            return None
        rsp = int(pending.read_register("rsp")) & MASK
        if rsp != self.innermost:
            return None
        # gdb takes a frame below its callee's for corruption, and the fiber's stack may lie anywhere.
        kind = gdb.lookup_type("unsigned long")
        below = gdb.Value(min(rsp, self.chosen["rsp"]) - 256).cast(kind)
        unwind = pending.create_unwind_info(FrameId(below, pending.read_register("rip")))
        for name, value in self.chosen.items():
            unwind.add_saved_register(name, gdb.Value(value).cast(kind))
        return unwind

    def backtrace(self, chosen):
        self.innermost = int(gdb.selected_frame().read_register("rsp")) & MASK
        self.chosen = chosen
        gdb.invalidate_cached_frames()
        try:
            lines = gdb.execute("backtrace", to_string=True).splitlines()
        finally:
            self.chosen = None
            gdb.invalidate_cached_frames()
        return [line for line in lines if not re.match(r"#0\s|Backtrace stopped", line)]


class FrameId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


unwinder = FiberUnwinder()
gdb.unwinder.register_unwinder(None, unwinder, replace=True)


def waiting():
    """(number, fiber) of those that are parked or ready to go on."""
    scheduler = gdb.parse_and_eval("'fiber.c'::fibers")
    for number in range(int(scheduler["max"])):
        fiber = scheduler["fibers"][number]
        if str(fiber["state"]) in ("FIBER_PARKED", "FIBER_READY") and bool(fiber["begun"]):
            yield number, fiber


def request_of(fiber):
    if int(fiber["log"]) == 0:
        return ""
    return "request %s" % fiber["log"]["request_id"].format_string()


# Of the scheduler itself, which every waiting fiber is in.
OWN = re.compile(r" (leave|fiber_\w+) \(")


def place_of(lines):
    for line in lines:
        if not OWN.search(line):
            return re.sub(r"^#\d+\s+(0x\w+ in )?", "", line)
    return "?"


class Fibers(gdb.Command):
    """fibers: those that wait, with the place and the request."""

    def __init__(self):
        super().__init__("fibers", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        count = 0
        for number, fiber in waiting():
            place = place_of(unwinder.backtrace(registers(fiber)))
            print("fiber %d: %s %s" % (number, place, request_of(fiber)))
            count += 1
        print("%d fibers wait" % count)


class Fiber(gdb.Command):
    """fiber NUMBER | all: the backtrace of a fiber that waits."""

    def __init__(self):
        super().__init__("fiber", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        for number, fiber in waiting():
            if argument in ("all", str(number)):
                print("fiber %d %s" % (number, request_of(fiber)))
                print("\n".join(unwinder.backtrace(registers(fiber))))


Fibers()
Fiber()
