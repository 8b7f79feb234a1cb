namespace P2PCloud.Sidecar;

/// <summary>What a sidecar double is told at its start. Defaults are Dapr's own (runtime 1.18).</summary>
public sealed record SidecarSettings
{
    /// <summary>Identity of the app beside it.</summary>
    public required string AppId { get; init; }

    /// <summary>Base address of the app, asked for at each call; null while it does not listen.</summary>
    public required Func<string?> AppAddress { get; init; }

    /// <summary>Name resolution: the internal address of an app's sidecar; null where the name does not exist.</summary>
    public required Func<AppName, CancellationToken, ValueTask<string?>> Resolve { get; init; }

    /// <summary>Kubernetes namespace of the app.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>What the app must send as <c>dapr-api-token</c>; null: nothing.</summary>
    public string? ApiToken { get; init; }

    /// <summary>What is sent to the app as <c>dapr-api-token</c>; null: nothing.</summary>
    public string? AppToken { get; init; }

    /// <summary>Who may call the app; null: everybody.</summary>
    public AccessControl? AccessControl { get; init; }

    /// <summary>Told of every call from another app once access control has decided on it.</summary>
    public Action<CheckedCall>? Checked { get; init; }

    /// <summary>Of the pub/sub components; null: there are none. Sidecars with the same one share its topics.</summary>
    public Broker? Broker { get; init; }

    /// <summary>Whether and how the app's health is watched, and calls kept from it; null: it is not.</summary>
    public HealthPolicy? Health { get; init; }

    /// <summary>Bounds each call of the app, with all its attempts and the answer's body (Dapr's Resiliency, <c>timeouts</c>); null: nothing does.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>For each route of each callee, in calls of the app; null: there is none.</summary>
    public BreakerPolicy? Breaker { get; init; }

    /// <summary>Told of every call of the app that <see cref="CallTimeout"/> or <see cref="Breaker"/> has ended.</summary>
    public Action<EndedCall>? Ended { get; init; }

    /// <summary>Between two attempts of the built-in retry.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a resolved address is used without asking again.</summary>
    public TimeSpan AddressAge { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Added to each call, so that hops matter as they do with real sidecars.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(1.4);

    /// <summary>Largest body of a request in bytes.</summary>
    public int RequestBytesMax { get; init; } = 4 << 20;

    /// <summary>Largest header section of a request in bytes.</summary>
    public int HeaderBytesMax { get; init; } = 4 << 10;

    /// <summary>Addresses at which a connection neither opens nor fails.</summary>
    public Func<string, bool> IsBlackHole { get; init; } = _ => false;

    /// <summary>Where the two listeners bind; port 0 takes a free one. The API is for the app alone, the internal one for other sidecars.</summary>
    public string ApiUrl { get; init; } = "http://127.0.0.1:0";

    /// <summary>See <see cref="ApiUrl"/>.</summary>
    public string InternalUrl { get; init; } = "http://127.0.0.1:0";

    /// <summary>Clock of cache and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
