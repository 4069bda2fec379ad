-- with bids
SELEC auction FROM bids;
