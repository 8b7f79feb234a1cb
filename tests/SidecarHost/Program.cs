using System.Runtime.InteropServices;
using P2PCloud.Sidecar;
using P2PCloud.Sidecar.Host;

if (HostSettings.From(Environment.GetEnvironmentVariable, out var error) is not { } settings)
{
    await Console.Error.WriteLineAsync(error);
    return 2;
}

var stop = new TaskCompletionSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.TrySetResult();
});
await using var sidecar = await SidecarDouble.StartAsync(settings, CancellationToken.None);
Console.WriteLine($"{settings.AppId}: API {sidecar.Api}, other sidecars {sidecar.Internal}");
await stop.Task;
return 0;
