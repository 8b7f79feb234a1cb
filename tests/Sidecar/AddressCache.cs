using System.Collections.Concurrent;

namespace P2PCloud.Sidecar;

/// <summary>Addresses of other sidecars: a name is asked for again after some time, or when a retried call to it has failed.</summary>
internal sealed class AddressCache(SidecarSettings settings)
{
    private readonly ConcurrentDictionary<AppName, (string Address, long Since)> _known = new();

    /// <summary>The address of an app's sidecar; null when the name does not exist.</summary>
    public async ValueTask<string?> FindAsync(AppName app, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(app, out var entry) && settings.Time.GetElapsedTime(entry.Since) < settings.AddressAge)
        {
            return entry.Address;
        }

        if (await settings.Resolve(app, cancellationToken) is not { } address)
        {
            return null;
        }

        _known[app] = (address, settings.Time.GetTimestamp());
        return address;
    }

    /// <summary>Has the name asked for at the next call.</summary>
    public void Evict(AppName app) => _known.TryRemove(app, out _);
}
