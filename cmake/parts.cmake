# broadcaster_part(NAME SOURCES file… USES part-or-library…)
#
# One folder is one static library. USES names what it may include (DESIGN: the arrows); tests/arrows reads
# every #include against the same table.
function(broadcaster_part name)
  cmake_parse_arguments(PART "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${PART_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${PART_USES})
  if(BROADCASTER_PCH)
    target_precompile_headers(${name} REUSE_FROM precompiled)
  endif()
endfunction()

# broadcaster_test(NAME SOURCES file… USES part… [LABEL fast|peers])
#
# One test program a folder. "fast" needs nothing but the program; "peers" starts real servers on loopback.
function(broadcaster_test name)
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;USES" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL fast)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${TEST_USES} test_places GTest::gtest GTest::gtest_main)
  if(BROADCASTER_PCH)
    target_compile_options(${name} PRIVATE -O0)
    target_precompile_headers(${name} REUSE_FROM precompiled_tests)
  endif()
  gtest_discover_tests(${name} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 120 DISCOVERY_TIMEOUT 60)
endfunction()
