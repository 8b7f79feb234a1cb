using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using P2PCloud.Contracts;

namespace P2PCloud.Local.Tests;

public sealed class SharedFolderTests(CloudFixture fixture) : IClassFixture<CloudFixture>
{
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private IEnumerable<(string Name, string ContentId)> Originals =>
        Directory.EnumerateFiles(fixture.Folder, "*", SearchOption.AllDirectories).Select(path =>
            (Path.GetRelativePath(fixture.Folder, path).Replace(Path.DirectorySeparatorChar, '/'),
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))));

    [Fact]
    public void The_shared_folder_has_at_least_200_real_files() => Assert.InRange(Originals.Count(), 200, 10_000);

    [Fact]
    public async Task The_list_of_files_names_every_content_once()
    {
        var listed = await fixture.Http.ListFilesAsync(Limit);

        Assert.Equal(Originals.Select(file => file.ContentId).Distinct().Order(StringComparer.Ordinal), listed.Select(item => item.ContentId));
    }

    [Theory]
    [InlineData(Techniques.Napster, null)]
    [InlineData(Techniques.Kazaa, null)]
    [InlineData(Techniques.Chord, "recursive")]
    [InlineData(Techniques.Chord, "iterative")]
    public async Task Every_file_is_found_by_the_words_of_its_name(string technique, string? mode)
    {
        var missed = new List<string>();
        await Parallel.ForEachAsync(Originals, Limit, async (file, cancellationToken) =>
        {
            var found = await fixture.Http.LookupAsync(file.Name, technique, cancellationToken, mode: mode);
            if (!found.Complete || !found.Matches.Any(match => match.ContentId == file.ContentId))
            {
                lock (missed)
                {
                    missed.Add(file.Name);
                }
            }
        });

        Assert.Empty(missed);
    }

    [Fact]
    public async Task Gnutella_finds_every_file_when_all_peers_are_within_its_TTL()
    {
        var links = (await fixture.Http.TopologyAsync(Limit)).Peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks);
        Assert.All(links.Keys, origin => Assert.Equal(links.Count, Graphs.Reach(links, origin, ttl: 7).Count));
        var missed = new List<string>();

        foreach (var file in Originals.Where((_, index) => index % 4 == 0))
        {
            var found = await fixture.Http.LookupAsync(file.Name, Techniques.Gnutella, Limit);
            if (!found.Matches.Any(match => match.ContentId == file.ContentId))
            {
                missed.Add(file.Name);
            }
        }

        Assert.Empty(missed);
    }

    [Fact]
    public async Task Every_download_has_the_bytes_of_the_original()
    {
        var wrong = new List<string>();
        foreach (var file in Originals)
        {
            var bytes = await fixture.Http.GetByteArrayAsync(new Uri($"/api/v1/files/{file.ContentId}", UriKind.Relative), Limit);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.ContentId)
            {
                wrong.Add(file.Name);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_range_of_a_download_is_that_part_of_the_original()
    {
        var (name, contentId) = Originals.First(file => new FileInfo(Path.Combine(fixture.Folder, file.Name)).Length > 100);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/files/{contentId}");
        request.Headers.Range = new RangeHeaderValue(10, 59);

        using var response = await fixture.Http.SendAsync(request, Limit);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"\"{contentId}\"", response.Headers.ETag?.Tag);
        var expected = (await File.ReadAllBytesAsync(Path.Combine(fixture.Folder, name), Limit))[10..60];
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(Limit));
    }

    [Fact]
    public async Task An_upload_is_found_by_all_techniques_at_once_and_by_none_after_its_removal()
    {
        using var body = new ByteArrayContent("na na na nananana"u8.ToArray());
        using var put = await fixture.Http.PutAsync(new Uri("/api/v1/files?name=beatles/Hey%20Jude.txt&peer=peer-3", UriKind.Relative), body, Limit);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        foreach (var technique in Techniques.All)
        {
            var found = await fixture.Http.LookupAsync("hey JUDE", technique, Limit, from: "peer-9");
            Assert.Equal("peer-3", Assert.Single(Assert.Single(found.Matches).Providers).Peer);
        }

        using var deleted = await fixture.Http.DeleteAsync(new Uri($"{put.Headers.Location}?peer=peer-3", UriKind.RelativeOrAbsolute), Limit);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var technique in Techniques.All)
        {
            Assert.Empty((await fixture.Http.LookupAsync("hey jude", technique, Limit)).Matches);
        }
    }
}
