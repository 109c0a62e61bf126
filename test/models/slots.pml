/* The life of a slot, of the object that it refers to, and of the domain that implements the object, while two cores call through the
 * slot: caps/call/cross.S, caps/object, Domain::end_calls. Nobody who calls takes a lock or a reference.
 *
 * Claims, as assertions: a call never reads a domain that is gone, and never meets another object than the one whose identity its slot
 * has. And everything comes to its end (no invalid end state).
 *
 * Each of IDENTITY_FIRST, NO_PASSES, NO_INSIDE and SAME_IDENTITY takes one of the reasons away; then spin has to find a fault. */

#define NOBODY 1 /* the identity of a slot that refers to nothing; no object has it */
#define GONE 0   /* the identity of an object that is gone; no slot has it */
#define FIRST_IDENTITY 2
#define CORES 2
#define OLD 1 /* the domain that ends */
#define NEW 2 /* one that makes another object, in the same header */

/* The header, which is used again. */
byte header_identity = FIRST_IDENTITY;
byte header_target = OLD;
byte references = 1;
bool header_is_free = false;

/* The slot, of the calling domain. `slot_object`: whether it refers to the header, or to nobody's. */
bool slot_object = true;
byte slot_identity = FIRST_IDENTITY;
bool slot_lock = false;
bool ends_lock = false;

byte next_identity = FIRST_IDENTITY + 1;
byte implementer[6]; /* by identity: who made it */
bool alive[3];       /* by domain: its memory is there */
byte inside[3];      /* by domain: calls that have one of its stacks */
bool in_kernel[CORES];

inline lock(which) { atomic { !which -> which = true } }
inline unlock(which) { which = false }

/* A crossing. What it reads of the header is of one life if the identity, read last, is the slot's. */
proctype Caller(byte core) {
    bool object;
    byte identity, target, found;
    byte calls = 0;
    do
    :: calls < 2 ->
        calls++;
        in_kernel[core] = true;
        object = slot_object;
        identity = slot_identity;
#ifdef IDENTITY_FIRST
        found = (object -> header_identity : GONE);
        target = (object -> header_target : 0);
#else
        target = (object -> header_target : 0);
        found = (object -> header_identity : GONE);
#endif
        if
        :: found == identity ->
            /* Way in: the target's memory is read for a stack. */
            assert(target != 0 && alive[target]);
            assert(implementer[identity] == target);
            atomic { inside[target]++; in_kernel[core] = false };
            /* The method. */
            assert(alive[target]);
            in_kernel[core] = true;
            inside[target]--;
        :: else
        fi;
        in_kernel[core] = false
    :: else -> break
    od
}

/* The last reference to an object goes: SlotTable::free, drop_reference, end_object. */
inline drop_last() {
    atomic { references--; last = (references == 0) };
    if
    :: last ->
        lock(ends_lock);
        header_identity = GONE;
        unlock(ends_lock);
        header_is_free = true
    :: else
    fi
}

/* The calling domain lets go of the slot on another core, and takes what the new domain makes into the same slot. */
proctype Holder() {
    bool referred, last;
    byte made;
    lock(slot_lock);
    slot_identity = NOBODY;
    referred = slot_object;
    slot_object = false;
    unlock(slot_lock);
    if
    :: referred -> drop_last()
    :: else
    fi;
    /* take_header, Domain::mint, SlotTable::add */
    header_is_free;
    header_is_free = false;
    header_target = NEW;
#ifdef SAME_IDENTITY
    made = FIRST_IDENTITY;
#else
    atomic { made = next_identity; next_identity++ };
#endif
    implementer[made] = NEW;
    header_identity = made;
    references = 1;
    lock(slot_lock);
    slot_identity = made;
    slot_object = true;
    unlock(slot_lock)
}

/* Domain::close, wait_for_passes, and the calls that are inside come back. */
proctype Ender() {
    byte core = 0;
    lock(ends_lock);
    if
    :: header_target == OLD && header_identity != GONE ->
        header_identity = GONE;
        header_target = 0
    :: else
    fi;
    unlock(ends_lock);
#ifndef NO_PASSES
    do
    :: core < CORES -> !in_kernel[core]; core++
    :: else -> break
    od;
#endif
#ifndef NO_INSIDE
    inside[OLD] == 0;
#endif
    alive[OLD] = false
}

init {
    atomic {
        alive[OLD] = true;
        alive[NEW] = true;
        implementer[FIRST_IDENTITY] = OLD;
        run Caller(0);
        run Caller(1);
        run Holder();
        run Ender()
    }
}
