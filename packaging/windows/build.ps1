#Requires -Version 5.1
<#
.SYNOPSIS
    From a Windows machine with nothing on it to the signed installer, in one command.
.DESCRIPTION
    Not run yet: no Windows was at hand. See the check list in packaging/README.md.

    Open PowerShell in the project's folder and copy this line:

        powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1

    It installs, for you alone, what is missing: Python, and MSYS2 with wixl and msitools, which write the installer.
    It needs the internet for that, and for the libraries that requirements.lock names. The results lie in .build\out.

    Nothing is signed unless the variable CRISISDESK_SIGN holds the command that signs a file, for example
        signtool sign /fd SHA256 /tr <time stamp server> /td SHA256 /n "<name in the certificate>"
    The file's path is added to it. What isn't signed in the end is said in red.
.PARAMETER SkipChecks
    Make everything and try nothing.
#>
[CmdletBinding()]
param(
    [switch] $SkipChecks
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$Root = (Resolve-Path (Join-Path $PSScriptRoot '..\..')).Path
$Build = Join-Path $Root '.build'
$Python = Join-Path $Root '.venv\Scripts\python.exe'
$OldestWindows = 17763  # Windows 10, version 1809
$PythonVersion = '3.13'

function Invoke-Tool {
    # Runs a program and stops at its first failure: PowerShell by itself would go on.
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(ValueFromRemainingArguments)] [string[]] $Arguments
    )
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Program ended with $LASTEXITCODE; what it said stands above."
    }
}

function Assert-Windows {
    if (-not [Environment]::Is64BitOperatingSystem) {
        throw 'This needs a 64-bit Windows.'
    }
    if ([Environment]::OSVersion.Version.Build -lt $OldestWindows) {
        throw 'This needs Windows 10, version 1809, or later.'
    }
}

function Install-Package {
    param([Parameter(Mandatory)] [string] $Id)
    if (-not (Get-Command winget -ErrorAction SilentlyContinue)) {
        throw "winget is missing (it comes with 'App Installer'). Install $Id by hand, then start this again."
    }
    Invoke-Tool winget install --id $Id --exact --silent --accept-package-agreements --accept-source-agreements
}

function Find-Python {
    # Python's own launcher, or the place where its installer puts it for one person.
    $own = Join-Path $env:LOCALAPPDATA "Programs\Python\Python$($PythonVersion -replace '\.', '')\python.exe"
    if (Test-Path $own) {
        return $own
    }
    if (Get-Command py -ErrorAction SilentlyContinue) {
        $found = & py "-$PythonVersion" -c 'import sys; print(sys.executable)'
        if ($LASTEXITCODE -eq 0) {
            return "$found".Trim()
        }
    }
    return $null
}

function Find-Msitools {
    # Where MSYS2 and the machines of GitHub have it. It must not come into the PATH: PyInstaller looks there for
    # libraries, and would take MSYS2's for ours.
    foreach ($place in @($env:CRISISDESK_MSITOOLS, 'C:\msys64\ucrt64\bin')) {
        if ($place -and (Test-Path (Join-Path $place 'wixl.exe')) -and (Test-Path (Join-Path $place 'msibuild.exe'))) {
            return $place
        }
    }
    return $null
}

function Install-Msitools {
    $pacman = 'C:\msys64\usr\bin\pacman.exe'
    if (-not (Test-Path $pacman)) {
        Install-Package 'MSYS2.MSYS2'
    }
    Invoke-Tool $pacman --sync --refresh --noconfirm --needed mingw-w64-ucrt-x86_64-msitools
}

function Test-Signature {
    # Says of each file whether Windows takes its signature, and returns how many have none.
    param([Parameter(Mandatory)] [string[]] $Files)
    $without = 0
    foreach ($file in $Files) {
        $signature = Get-AuthenticodeSignature -LiteralPath $file
        if ($signature.Status -eq 'Valid') {
            Write-Host "signed by $($signature.SignerCertificate.Subject): $file"
        }
        else {
            $without++
            Write-Host "*** NOT SIGNED ($($signature.Status)): $file ***" -ForegroundColor Red
        }
    }
    return $without
}

Assert-Windows

$base = Find-Python
if (-not $base) {
    Install-Package "Python.Python.$PythonVersion"
    $base = Find-Python
    if (-not $base) {
        throw "Python $PythonVersion was installed and isn't found. Open a new window and start this again."
    }
}

$tools = Find-Msitools
if (-not $tools) {
    Install-Msitools
    $tools = Find-Msitools
    if (-not $tools) {
        throw 'wixl and msibuild are missing: in MSYS2, pacman -S mingw-w64-ucrt-x86_64-msitools'
    }
}
$env:CRISISDESK_MSITOOLS = $tools

$words = @((Join-Path $Root 'dev.py'), 'build')
if ($SkipChecks) {
    $words += '--skip-checks'
}
Invoke-Tool $base @words
Invoke-Tool $Python (Join-Path $Root 'packaging\windows\signed.py')
Invoke-Tool $Python (Join-Path $Root 'packaging\sums.py') write (Join-Path $Build 'out')

$made = @(Get-ChildItem (Join-Path $Build 'out') -Filter 'CrisisDesk-*-windows-x64.msi')
if ($made.Count -ne 1) {
    throw "One installer was to be in $Build\out, and there are $($made.Count)."
}
$signed = @($made[0].FullName) + @(Get-ChildItem (Join-Path $Build 'CrisisDesk') -Filter '*.exe' | ForEach-Object FullName)
$without = Test-Signature -Files $signed

Write-Host ''
Write-Host "Made: $($made[0].FullName), $([math]::Round($made[0].Length / 1MB)) MB"
if ($without -gt 0) {
    Write-Host '*** Windows will warn whoever opens this installer. Set CRISISDESK_SIGN, and start this again. ***' -ForegroundColor Red
}
