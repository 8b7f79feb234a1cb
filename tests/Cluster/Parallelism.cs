using Xunit.Sdk;
using Xunit.v3;

// All scenarios run on one cluster.
[assembly: Parallelization(Mode = ParallelMode.None)]
