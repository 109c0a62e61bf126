// Typed messages in Cap'n Proto's encoding, read and built in place: what headers made from schemas stand on. No allocation, no
// exceptions; programs and the host use the same.
#pragma once

#include <tessera/message/builders.hpp>
#include <tessera/message/copy.hpp>
#include <tessera/message/framing.hpp>
#include <tessera/message/message_builder.hpp>
#include <tessera/message/message_reader.hpp>
#include <tessera/message/readers.hpp>
#include <tessera/message/wire.hpp>
