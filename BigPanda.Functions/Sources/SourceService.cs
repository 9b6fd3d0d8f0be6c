using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources;

/// <summary>Makes, changes and removes sources. What has changed works on this instance when the call returns, and on others within half a minute.</summary>
public sealed partial class SourceService(SourceStore store, SourceUsageStore usages, SourceCatalog catalog, TimeProvider time, ILogger<SourceService> logger)
{
    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int IdLength = 12;

    internal async Task<(AlertSource Source, NewToken Token)> CreateAsync(NewSource wanted, CancellationToken cancellationToken)
    {
        var token = NewToken.Random(time.GetUtcNow());
        var source = Source(RandomNumberGenerator.GetString(IdLetters, IdLength), wanted, token);
        await store.AddAsync(source, cancellationToken);
        Log.Created(logger, source.Id, source.Name);
        await catalog.RefreshAsync(cancellationToken);
        return (source, token);
    }

    /// <returns>The source as it is now; null when there is none.</returns>
    internal async Task<AlertSource?> ChangeAsync(string id, Func<AlertSource, NewSource> change, CancellationToken cancellationToken)
    {
        var changed = await store.ChangeAsync(id, source => Changed(source, change(source)), cancellationToken);
        if (changed is null) return null;
        Log.Changed(logger, id, changed.Name);
        await catalog.RefreshAsync(cancellationToken);
        return changed;
    }

    /// <summary>Sees to it that there is a source of this id and that this token is one of its tokens, if need be in the place of its oldest.</summary>
    internal async Task EnsureAsync(string id, NewSource wanted, string bearerToken, CancellationToken cancellationToken)
    {
        var token = NewToken.Of(bearerToken, time.GetUtcNow());
        if (await store.ChangeAsync(id, source => WithToken(source, token.Stored), cancellationToken) is null)
            await store.AddAsync(Source(id, wanted, token), cancellationToken);
        await catalog.RefreshAsync(cancellationToken);
    }

    /// <returns>The source, null when there is none; and its new token, null when it has two already.</returns>
    internal async Task<(AlertSource? Source, NewToken? Token)> AddTokenAsync(string id, CancellationToken cancellationToken)
    {
        var token = NewToken.Random(time.GetUtcNow());
        var changed = await store.ChangeAsync(
            id, source => source.Tokens.Count >= AlertSource.MaxTokens ? source : source with { Tokens = [.. source.Tokens, token.Stored] }, cancellationToken);
        if (changed is null || changed.Tokens.All(kept => kept.Id != token.Stored.Id)) return (changed, null);
        Log.TokenAdded(logger, id, token.Stored.Prefix);
        await catalog.RefreshAsync(cancellationToken);
        return (changed, token);
    }

    internal async Task<TokenRemoval> RemoveTokenAsync(string id, string tokenId, CancellationToken cancellationToken)
    {
        var result = TokenRemoval.Unknown;
        await store.ChangeAsync(
            id,
            source =>
            {
                // Gone at the second look: the first was saved and only its answer lost, or somebody else was as quick.
                if (source.Tokens.All(token => token.Id != tokenId)) return source;
                result = source.Tokens.Count == 1 ? TokenRemoval.LastOne : TokenRemoval.Done;
                return result == TokenRemoval.Done ? source with { Tokens = [.. source.Tokens.Where(token => token.Id != tokenId)] } : source;
            },
            cancellationToken);
        if (result != TokenRemoval.Done) return result;
        Log.TokenRemoved(logger, id, tokenId);
        await catalog.RefreshAsync(cancellationToken);
        return result;
    }

    internal async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(id, cancellationToken)) return false;
        // Last the source itself: should one fail, the whole can be asked for again.
        await usages.RemoveAsync(id, cancellationToken);
        await store.RemoveAsync(id, cancellationToken);
        Log.Removed(logger, id);
        await catalog.RefreshAsync(cancellationToken);
        return true;
    }

    private AlertSource Source(string id, NewSource wanted, NewToken token)
    {
        var bare = new AlertSource { Id = id, Name = id, HeaderName = wanted.AuthHeader ?? AlertSource.UsualHeader, CreatedAt = time.GetUtcNow(), Tokens = [token.Stored] };
        return Changed(bare, wanted);
    }

    private static AlertSource Changed(AlertSource source, NewSource wanted) => source with
    {
        Name = wanted.Name ?? source.Name,
        AppKey = wanted.AppKey,
        TitleTemplate = wanted.TitleTemplate,
        SilentAfterHours = wanted.SilentAfterHours,
        OneTime = wanted.OneTime,
    };

    private static AlertSource WithToken(AlertSource source, SourceToken token) =>
        source.Tokens.Any(known => known.Id == token.Id) ? source : source with { Tokens = [.. source.Tokens.TakeLast(AlertSource.MaxTokens - 1), token] };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Source {SourceId} is created: {Name}")]
        public static partial void Created(ILogger logger, string sourceId, string name);

        [LoggerMessage(2, LogLevel.Information, "Source {SourceId} has a further token, {Prefix}…")]
        public static partial void TokenAdded(ILogger logger, string sourceId, string prefix);

        [LoggerMessage(3, LogLevel.Information, "Source {SourceId} has lost its token {TokenId}")]
        public static partial void TokenRemoved(ILogger logger, string sourceId, string tokenId);

        [LoggerMessage(4, LogLevel.Information, "Source {SourceId} is removed")]
        public static partial void Removed(ILogger logger, string sourceId);

        [LoggerMessage(5, LogLevel.Information, "Source {SourceId} is changed: {Name}")]
        public static partial void Changed(ILogger logger, string sourceId, string name);
    }
}

internal enum TokenRemoval
{
    Done,
    Unknown,

    /// <summary>Without a token a source takes nothing: remove the source itself.</summary>
    LastOne,
}
