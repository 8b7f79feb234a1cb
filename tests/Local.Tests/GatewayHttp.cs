using System.Net;
using System.Net.Http.Json;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Local.Tests;

/// <summary>Calls of the REST interface that tests make.</summary>
internal static class GatewayHttp
{
    public static async Task<LookupResult> LookupAsync(
        this HttpClient http, string query, string technique, CancellationToken cancellationToken, string? from = null, string? mode = null)
    {
        var uri = $"/api/v1/lookups?q={Uri.EscapeDataString(query)}&technique={technique}"
            + (from is null ? "" : $"&from={from}") + (mode is null ? "" : $"&mode={mode}");
        using var response = await http.GetAsync(new Uri(uri, UriKind.Relative), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{uri} answered {response.StatusCode}: {problem}", null, response.StatusCode);
        }

        return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.LookupResult, cancellationToken))!;
    }

    public static async Task<Topology> TopologyAsync(this HttpClient http, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync(new Uri("/api/v1/topology", UriKind.Relative), ContractsJsonContext.Default.Topology, cancellationToken))!;

    /// <summary>Writes text under a key with a majority of its copies.</summary>
    public static async Task<KeyWritten> PutKeyAsync(this HttpClient http, string key, string value, CancellationToken cancellationToken)
    {
        using var content = new StringContent(value);
        using var response = await http.PutAsync(UriOf(key), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<KeyWritten>(cancellationToken))!;
    }

    /// <summary>Reads a key from a majority of its copies, through the entry peer <paramref name="from"/> or one that the gateway chooses.</summary>
    /// <returns>The status, and the body: the value when the status is 200.</returns>
    public static async Task<(HttpStatusCode Status, string Body)> GetKeyAsync(
        this HttpClient http, string key, CancellationToken cancellationToken, string? from = null)
    {
        using var response = await http.GetAsync(UriOf(key, from), cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public static async Task<IReadOnlyList<LookupMatch>> ListFilesAsync(this HttpClient http, CancellationToken cancellationToken)
    {
        var items = new List<LookupMatch>();
        string? after = null;
        do
        {
            var uri = new Uri($"/api/v1/files?limit=100{(after is null ? "" : $"&after={after}")}", UriKind.Relative);
            var page = (await http.GetFromJsonAsync(uri, ContractsJsonContext.Default.FilePage, cancellationToken))!;
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return items;
    }

    private static Uri UriOf(string key, string? from = null) =>
        new($"/api/v1/keys/{key}?consistency=quorum{(from is null ? "" : $"&from={from}")}", UriKind.Relative);
}
