using System.Net;
using System.Net.Sockets;
using Garnet;

namespace P2PCloud.Local;

/// <summary>A Redis-compatible server in this process, in memory, on a free loopback port.</summary>
public sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer _server;

    /// <summary>Starts the server.</summary>
    public EmbeddedRedis()
    {
        var port = FreePort();
        _server = new GarnetServer(["--bind", "127.0.0.1", "--port", $"{port}", "--lua", "true", "--lua-transaction-mode", "true", "--memory", "64m", "--index", "8m", "-q"]);
        _server.Start();
        Address = $"127.0.0.1:{port}";
    }

    /// <summary><c>host:port</c>.</summary>
    public string Address { get; }

    /// <summary>Stops the server; its data are gone.</summary>
    public void Dispose() => _server.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
