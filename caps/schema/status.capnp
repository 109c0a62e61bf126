@0x9fe05d2e4ce4e0d2;
# The errors of every call: a closed small set, and a text for each.
using Tessera = import "tessera.capnp";
$Tessera.namespace("tessera");

enum Status @0xd7545fb94778a11d $Tessera.strict {
  # What a call says first. What it says beyond (which name, which address) belongs into the interface's results, or into a Log.
  # Numbers 1 to 15 also come from the kernel, for any method of any object; the others from implementers alone.

  ok @0 $Tessera.text("done");
  unsupported @1 $Tessera.text("the object does not know this method; it may be of an older version");
  stale @2 $Tessera.text("the capability is null, was released, or never was the caller's");
  wrongInterface @3 $Tessera.text("the object is of another interface");
  wrongSignature @4 $Tessera.text("the method takes or gives other types than the caller was built with");
  revoked @5 $Tessera.text("the capability was revoked");
  ended @6 $Tessera.text("the implementer has ended");
  failed @7 $Tessera.text("the implementer trapped in this call");
  exhausted @8 $Tessera.text("an account's limit is reached");
  tooDeep @9 $Tessera.text("calls are nested too deeply, or too little stack is left");
  timedOut @10 $Tessera.text("the deadline passed");
  cancelled @11 $Tessera.text("the call was cancelled");
  malformed @12 $Tessera.text("a message is not what its schema says");
  tooSmall @13 $Tessera.text("the result does not fit into the room given for it");
  starting @14 $Tessera.text("the implementer is not ready yet");
  denied @15 $Tessera.text("a policy forbids it");

  invalid @16 $Tessera.text("an argument has a value that makes no sense here");
  notFound @17 $Tessera.text("there is nothing of that name");
  exists @18 $Tessera.text("there already is something of that name");
  readOnly @19 $Tessera.text("it can be read only");
  notDirectory @20 $Tessera.text("it is no directory");
  isDirectory @21 $Tessera.text("it is a directory");
  notEmpty @22 $Tessera.text("the directory is not empty");
  noSpace @23 $Tessera.text("the medium is full");
  tooLarge @24 $Tessera.text("it is larger than the object allows");
  endOfStream @25 $Tessera.text("nothing more will come");
  wouldWait @26 $Tessera.text("it can't be done at once, and the call was not to wait");
  busy @27 $Tessera.text("it is in use");
  closed @28 $Tessera.text("the other side takes nothing more");
  reset @29 $Tessera.text("the other side broke off");
  refused @30 $Tessera.text("nobody listens there");
  unreachable @31 $Tessera.text("there is no way there");
  addressInUse @32 $Tessera.text("the address is taken");
  device @33 $Tessera.text("the device failed");
  conflict @34 $Tessera.text("it was changed in the meantime");
  otherDevice @35 $Tessera.text("the two are not on the same file system");
}
