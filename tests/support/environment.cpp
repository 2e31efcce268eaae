// Starts libsodium before the first test of a program that USES test_support.
#include <gtest/gtest.h>

#include "broadcaster/base/digest.hpp"

namespace {

struct Crypto : testing::Environment {
  void SetUp() override { broadcaster::base::init_crypto(); }
};

[[maybe_unused]] const auto* const crypto = testing::AddGlobalTestEnvironment(new Crypto);

}  // namespace
