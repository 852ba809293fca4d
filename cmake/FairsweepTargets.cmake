include(GoogleTest)

# fairsweep_library(name SOURCES a.cpp b.cpp [LINK targets...])
# A static library of this project. Sources are listed by name, so that a forgotten file fails at link time.
function(fairsweep_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC fairsweep_settings ${ARG_LINK}
                                  PRIVATE fairsweep_warnings ${ARG_PRIVATE_LINK})
  else()
    add_library(${name} INTERFACE)  # headers only
    target_link_libraries(${name} INTERFACE fairsweep_settings ${ARG_LINK})
  endif()
endfunction()

# fairsweep_program(name SOURCES ... LINK ...)
function(fairsweep_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE fairsweep_settings fairsweep_warnings ${ARG_LINK})
endfunction()

# fairsweep_test(name SOURCES ... LINK ... [LABELS unit] [TIMEOUT 60] [WHOLE])
# One GoogleTest program. WHOLE registers it as a single CTest test (for programs that are slow to start).
function(fairsweep_test name)
  cmake_parse_arguments(ARG "WHOLE" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  if(FAIRSWEEP_SANITIZE)
    math(EXPR ARG_TIMEOUT "3 * ${ARG_TIMEOUT}")  # what sanitizers make slower: two to four times
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE fairsweep_settings fairsweep_warnings ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE FAIRSWEEP_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             FAIRSWEEP_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(ARG_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
    if(ARG_ENVIRONMENT)
      set_tests_properties(${name} PROPERTIES ENVIRONMENT "${ARG_ENVIRONMENT}")
    endif()
  else()
    # Programs with LibTorch are slow to start: on a busy machine the usual five seconds do not do.
    gtest_discover_tests(${name} TEST_PREFIX "${name}/" DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
      PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()
