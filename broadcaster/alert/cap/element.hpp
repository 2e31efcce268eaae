// An XML document as plain values: what the reader of CAP works on, without a word of any XML library.
//
// Comments and processing instructions are not here. CAP has no attribute that means anything; the links of an Atom
// feed are attributes. Thread rule: plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace broadcaster::alert::cap {

struct Element {
  std::string space;   ///< namespace; empty: none
  std::string name;    ///< without prefix
  std::string text;    ///< directly inside, all pieces joined, white space as written
  int line = 0;        ///< of the file, from 1
  std::size_t at = 0;  ///< how much of the text around it stands before it
  /// By name without prefix, in the order of the document; those that declare a namespace are not among them.
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::vector<Element> children;
  bool operator==(const Element&) const = default;
};

/// OASIS CAP 1.2 §1.2.
constexpr std::string_view cap_space = "urn:oasis:names:tc:emergency:cap:1.2";
/// W3C XML Signature: the only foreign elements that CAP's schema lets into an alert.
constexpr std::string_view signature_space = "http://www.w3.org/2000/09/xmldsig#";

/// Without white space around it (XML's: space, tab, line ends).
std::string_view trimmed(std::string_view text);

}  // namespace broadcaster::alert::cap
