using Xunit.Sdk;
using Xunit.v3;

// Two classes run a whole cloud or a whole load, whose nodes have time-outs: several at once on few cores would test the machine.
[assembly: Parallelization(Mode = ParallelMode.None)]
