// Our alerts for other agencies: signed CAP 1.2 documents, and an Atom index of those in force.
//
//   url      where people read it: "https://alerts.example/cap/". TP12-1.xml and index.atom lie there
//   folder   optional: a folder that a web server shows at `url`; else both are uploaded to `url` by HTTPS PUT
//   title    of the feed
//   signing_key   PEM (RSA of 2048 bits or more, or ECDSA), a secret by reference; of the agency, for documents alone
//   signer   SHA-256 of its public half (alert/cap/public_half.hpp): the key that people approve with the destination
//   certificate   optional: PEM, goes into each document for receivers
//   username, password   optional: of an upload (Basic)        token   optional: in their place (Bearer)
//
// A document has one address, made of its identifier, and never changes; what is unknown is simply done again. How it
// gets out is publication.hpp's, where it lies folder.hpp's and upload.hpp's. Afterwards document and index are read
// back from `url` (shown.hpp).
#pragma once

#include "channels/channel.hpp"

namespace broadcaster::channels::cap_feed {

/// The line of the channel table.
ChannelKind kind();

}  // namespace broadcaster::channels::cap_feed
