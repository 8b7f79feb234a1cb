using System.Runtime.InteropServices;
using P2PCloud.Cli;

const int Terminated = 143;

using var stopping = new CancellationTokenSource();
var terminated = false;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var exitCode = await Cli.RunAsync(args, CliConsole.OfProcess(), stopping.Token);
return terminated && exitCode is ExitCodes.Interrupted ? Terminated : exitCode;

void Stop(PosixSignalContext signal)
{
    // The second signal ends the process at once: whoever asks twice does not want to wait.
    signal.Cancel = !stopping.IsCancellationRequested;
    terminated |= signal.Signal is PosixSignal.SIGTERM;
    stopping.Cancel();
}
