using System.Net;
using System.Net.Sockets;
using Garnet;

namespace P2PCloud.Services.Tests;

/// <summary>
/// A Redis-compatible server in this process. In transaction mode a script holds the keys that it names, as Redis runs one script at a
/// time; without it Garnet mixes scripts of two connections.
/// </summary>
internal sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer _server;

    public EmbeddedRedis()
    {
        var port = FreePort();
        _server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", $"{port}", "--memory", "64m", "--index", "8m", "-q",
            "--lua", "true", "--lua-transaction-mode", "true",
        ]);
        _server.Start();
        Address = $"127.0.0.1:{port}";
    }

    public string Address { get; }

    public void Dispose() => _server.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
