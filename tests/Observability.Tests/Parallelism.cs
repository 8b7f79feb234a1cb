using Xunit.Sdk;
using Xunit.v3;

// Each class runs a whole cloud, whose nodes have time-outs: several clouds at once on few cores would test the machine.
[assembly: Parallelization(Mode = ParallelMode.None)]
